import { Select, Stack } from '@mantine/core';
import { Lightbulb } from 'lucide-react';
import { frameworkNames } from '@redcontrol/contract';
import { useField } from '../../editor/editor-context.tsx';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { ErrorNote, Loading, Note } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';
import { ImportOffer } from './import-offer.tsx';
import { useInspection } from './use-inspection.ts';

export function FrameworkSection() {
  const t = useTranslate();
  const field = useField(['framework']);
  const inspection = useInspection();
  const { detections = [], chosen, recipe } = inspection.data ?? {};
  return (
    <Stack gap="md" maw={720}>
      {inspection.isError && <ErrorNote error={inspection.error} onRetry={() => void inspection.refetch()} />}
      {inspection.isFetching && !inspection.data && <Loading lines={2} />}
      {detections.map(({ framework, certainty, reason }) => (
        <Note key={framework} tone={framework === chosen ? 'ok' : 'busy'} icon={Lightbulb}>
          <strong>{framework}</strong> · {t(`framework.${certainty}`)}
          <div><ForeignText text={reason} /></div>
        </Note>
      ))}
      {inspection.data && detections.length === 0 && <Note tone="warn">{t('framework.none')}</Note>}
      <ImportOffer isReadable={inspection.data !== undefined} />
      <Select label={t('framework')} description={t('framework.help')} data={[...frameworkNames]} value={field.value || null} onChange={(value) => field.onChange(value ?? '')} placeholder={chosen ? t('framework.detected', { framework: chosen }) : t('framework.choose')} error={field.error} clearable searchable maw={360} />
      {recipe && (
        <dl className="summary">
          <dt>{t('framework.build')}</dt><dd className="mono">{recipe.stages.build ?? '–'}</dd>
          <dt>{t('framework.migrate')}</dt><dd className="mono">{recipe.stages.migrate ?? '–'}</dd>
          <dt>{t('framework.test')}</dt><dd className="mono">{recipe.stages.test ?? '–'}</dd>
          <dt>{t('framework.port')}</dt><dd className="mono">{recipe.port}{recipe.healthPath}</dd>
        </dl>
      )}
      {recipe?.notes.map((note) => <Note key={note} tone="warn"><ForeignText text={note} /></Note>)}
    </Stack>
  );
}
