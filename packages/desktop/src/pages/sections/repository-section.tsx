import { Button, Group, Loader, Stack, TextInput } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Check, GitBranch, Tag } from 'lucide-react';
import { useConfigEditor, useField } from '../../editor/editor-context.tsx';
import { textAt } from '../../editor/read-data.ts';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { ErrorNote, Note } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';
import { DeployKeyHelp } from './deploy-key-help.tsx';
import { useInspection } from './use-inspection.ts';

export function RepositorySection() {
  const t = useTranslate();
  const editor = useConfigEditor();
  const repository = useField(['repository'], { required: true });
  const project = useField(['project'], { required: true });
  const root = useField(['root']);
  const inspection = useInspection();
  useSuggestedName();
  return (
    <Stack gap="md" maw={720}>
      <TextInput label={t('repository.address')} description={t('repository.address-help')} placeholder="git@github.com:you/shop.git" {...bind(repository)} autoComplete="off" spellCheck={false} />
      {inspection.isFetching && <Group gap={8} role="status"><Loader size="xs" /> {t('repository.reading')}</Group>}
      {inspection.data && !inspection.isFetching && (
        <Note tone="ok" icon={Check} role="status">
          <strong>{t('repository.readable')}</strong>
          <Group gap="md" mt={2}>
            <Group gap={5}><GitBranch size={14} aria-hidden />{t('count.branches', { count: inspection.data.branches.length })}{inspection.data.defaultBranch && <>: <ForeignText text={inspection.data.defaultBranch} /></>}</Group>
            <Group gap={5}><Tag size={14} aria-hidden />{t('count.tags', { count: inspection.data.tags.length })}</Group>
          </Group>
        </Note>
      )}
      {inspection.isError && !inspection.isFetching && (
        <>
          <ErrorNote error={inspection.error} />
          <Group><Button variant="default" onClick={() => void inspection.refetch()}>{t('again')}</Button></Group>
          <DeployKeyHelp repository={textAt(editor.data, ['repository'])} project={textAt(editor.data, ['project'])} />
        </>
      )}
      <TextInput label={t('repository.project')} description={t('repository.project-help')} {...bind(project)} maw={360} />
      <TextInput label={t('repository.root')} description={t('repository.root-help')} {...bind(root)} maw={360} />
    </Stack>
  );
}

/** A text field's props for the library. */
export function bind({ value, onChange, error }: { value: string; onChange: (text: string) => void; error: string | undefined }) {
  return { value, error, onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value) };
}

/** As long as nobody named the project, it is called as the repository. */
function useSuggestedName(): void {
  const { data, edit, path } = useConfigEditor();
  const repository = textAt(data, ['repository']);
  const project = textAt(data, ['project']);
  const suggested = useRef('');
  useEffect(() => {
    if (path !== undefined || (project !== '' && project !== suggested.current)) return;
    const name = (repository.replace(/\/+$/, '').replace(/\.git$/, '').split(/[/:]/).at(-1) ?? '').toLowerCase().replace(/[^a-z0-9-]+/g, '-').replace(/^[^a-z]+|-+$/g, '').slice(0, 40);
    suggested.current = name;
    if (name !== project) edit(['project'], name);
  }, [path, repository, project, edit]);
}
