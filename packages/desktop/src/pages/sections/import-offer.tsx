import { Button, Group, List, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { FileInput } from 'lucide-react';
import { useState } from 'react';
import type { ImportedSetup, RedControlError } from '@redcontrol/contract';
import { useConnection } from '../../connection/use-control.ts';
import { useConfigEditor } from '../../editor/editor-context.tsx';
import { mapAt, textAt } from '../../editor/read-data.ts';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { ErrorNote, Note } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';

/** Where the repository has files of other tools (Compose, Procfile, app.json, Kamal): offers to take over what they say. */
export function ImportOffer({ isReadable }: { isReadable: boolean }) {
  const t = useTranslate();
  const editor = useConfigEditor();
  const [isTaken, setTaken] = useState(false);
  const found = useImportedSetup(isReadable);
  if (found.isError) return <ErrorNote error={found.error} />;
  if (!found.data || found.data.files.length === 0) return null;
  const { data } = found;
  const parts = partNames(data);
  return (
    <section aria-label={t('import')}>
      <Note tone={isTaken ? 'ok' : 'busy'} icon={FileInput}>
        <Stack gap={6}>
          <strong>{t('import.found', { files: data.files.join(', ') })}</strong>
          <Text fz="sm">{parts.length === 0 ? t('import.nothing') : `${t('import.parts')} ${parts.join(', ')}`}</Text>
          {parts.length > 0 && (isTaken
            ? <Text fz="sm" role="status">{t('import.taken')}</Text>
            : <Group><Button size="xs" variant="default" onClick={() => { takeOver(editor, data); setTaken(true); }}>{t('import.do')}</Button></Group>)}
          {data.left.length > 0 && (
            <details>
              <summary>{t('import.left', { count: data.left.length })}</summary>
              <List size="sm" mt={4}>{data.left.map(({ file, line, what, why }) => <List.Item key={`${file} ${line} ${what}`}><span className="mono">{file}:{line}</span> <ForeignText text={what} /> – <ForeignText text={why} /></List.Item>)}</List>
            </details>
          )}
        </Stack>
      </Note>
    </section>
  );
}

function useImportedSetup(isReadable: boolean) {
  const connection = useConnection();
  const { data } = useConfigEditor();
  const root = textAt(data, ['root']);
  const params = { repository: textAt(data, ['repository']), ...(root === '' ? {} : { root }) };
  return useQuery<ImportedSetup, RedControlError>({
    queryKey: ['control', 'repository.import', params],
    queryFn: ({ signal }) => connection.call('repository.import', params, signal),
    enabled: isReadable,
    retry: false,
  });
}

/** As the keys of the file are called. */
function partNames({ framework, sections, environment, production }: ImportedSetup): string[] {
  return [...(framework === null ? [] : ['framework']), ...Object.keys(sections), ...Object.keys(environment), ...Object.keys(production)];
}

/** What stands in the configuration already is kept where the files do not name it. */
function takeOver({ data, edit }: ReturnType<typeof useConfigEditor>, { framework, sections, environment, production }: ImportedSetup): void {
  if (framework !== null) edit(['framework'], framework);
  for (const [key, value] of Object.entries(sections)) edit([key], value);
  const names = Object.keys(mapAt(data, ['environments']));
  for (const name of names) for (const [key, value] of Object.entries(environment)) edit(['environments', name, key], value);
  if (names.includes('production')) for (const [key, value] of Object.entries(production)) edit(['environments', 'production', key], value);
}
