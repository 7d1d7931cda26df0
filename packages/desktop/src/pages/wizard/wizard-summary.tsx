import { Anchor, Code, Stack, Text } from '@mantine/core';
import { useConfigEditor } from '../../editor/editor-context.tsx';
import { listAt, mapAt, textAt } from '../../editor/read-data.ts';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { Note } from '../../parts/notes.tsx';
import { useLanguage } from '../../words/language.tsx';
import { problemText } from '../../words/problem-text.ts';
import { sectionOf, type SectionName } from '../sections/sections.ts';
import { stepName } from '../sections/stages-section.tsx';

/** The whole configuration in plain words before it is written. */
export function WizardSummary({ onGo }: { onGo: (section: SectionName) => void }) {
  const { t, say } = useLanguage();
  const { data, problems, text } = useConfigEditor();
  const environments = Object.keys(mapAt(data, ['environments']));
  return (
    <Stack gap="md" maw={860}>
      {problems.length > 0 && (
        <Note tone="bad">
          <strong>{t('count.problems', { count: problems.length })}</strong>
          <ul className="plain-list">
            {problems.map((problem, index) => {
              const section = sectionOf(problem);
              return <li key={index}>{section && <><Anchor component="button" type="button" c="inherit" fw={600} td="underline" onClick={() => onGo(section)}>{t(`section.${section}`)}</Anchor>: </>}{problemText(problem, { say, t })}</li>;
            })}
          </ul>
        </Note>
      )}
      <div className="sheet part">
        <dl className="summary">
          <dt>{t('section.repository')}</dt><dd><ForeignText text={textAt(data, ['repository'])} /></dd>
          {Object.keys(mapAt(data, ['servers'])).map((name) => <SummaryLine key={name} label={t('servers.of', { name })}>{textAt(data, ['servers', name, 'host'])}</SummaryLine>)}
          {environments.map((name) => <SummaryLine key={name} label={t('environments.of', { name })}>{environmentWords(data, name, t)}</SummaryLine>)}
          <dt>{t('section.stages')}</dt><dd>{listAt(data, ['pipeline']).map(stepName).join(' → ') || '–'}</dd>
          <dt>{t('section.people')}</dt><dd>{listAt(data, ['people']).map((_, index) => textAt(data, ['people', index, 'name'])).join(', ') || t('people.none')}</dd>
        </dl>
      </div>
      <Text fz="sm" c="dimmed">{t('wizard.writes')}</Text>
      <Code block>{text}</Code>
    </Stack>
  );
}

function SummaryLine({ label, children }: { label: string; children: string }) {
  return <><dt>{label}</dt><dd><ForeignText text={children} /></dd></>;
}

function environmentWords(data: unknown, name: string, t: ReturnType<typeof useLanguage>['t']): string {
  const path = ['environments', name];
  const branch = textAt(data, [...path, 'deploy', 'branch']);
  const tag = textAt(data, [...path, 'deploy', 'tag']);
  const engine = textAt(data, [...path, 'database', 'engine']);
  return [
    tag === '' ? t('wizard.by-push', { branch }) : t('wizard.by-tag', { tag, branch }),
    listAt(data, [...path, 'domain']).join(', '),
    engine === '' ? '' : `${engine} ${textAt(data, [...path, 'database', 'version'])}`.trim(),
  ].filter((part) => part !== '').join(' · ');
}
