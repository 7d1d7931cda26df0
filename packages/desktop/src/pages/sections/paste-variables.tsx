import { Button, Checkbox, Group, Modal, MultiSelect, Stack, Table, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { ControlResult } from '@redcontrol/contract';
import { useControlAction } from '../../connection/use-control.ts';
import { useConfigEditor } from '../../editor/editor-context.tsx';
import { listAt } from '../../editor/read-data.ts';
import { ErrorNote } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';
import { useHeldSecrets } from './use-held-secrets.ts';

type Parsed = ControlResult<'variables.parse'>;

/** Takes a .env file's text apart: what is to be a variable, what a secret, and for which environments. */
export function PasteVariables({ environments, onClose }: { environments: string[]; onClose: () => void }) {
  const t = useTranslate();
  const { data, edit } = useConfigEditor();
  const { hold } = useHeldSecrets();
  const [text, setText] = useState('');
  const [parsed, setParsed] = useState<Parsed>();
  const [chosen, setChosen] = useState(environments);
  const parse = useControlAction('variables.parse');
  const take = () => {
    for (const environment of chosen) {
      const secrets = (parsed ?? []).filter(({ secret }) => secret).map(({ name }) => name);
      const before = listAt(data, ['environments', environment, 'secrets']).map(String);
      if (secrets.length > 0) edit(['environments', environment, 'secrets'], [...new Set([...before, ...secrets])]);
      for (const { name, value, secret } of parsed ?? []) if (!secret) edit(['environments', environment, 'variables', name], value);
    }
    hold(chosen.flatMap((environment) => (parsed ?? []).filter(({ secret, value }) => secret && value !== '').map(({ name, value }) => ({ environment, name, value }))));
    onClose();
  };
  const setSecret = (name: string, secret: boolean) => setParsed((before) => before?.map((one) => (one.name === name ? { ...one, secret } : one)));
  return (
    <Modal opened onClose={onClose} title={t('variables.paste')} size="lg" closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        {!parsed && <Textarea data-autofocus label={t('variables.paste-label')} placeholder={'DEBUG=0\nSECRET_KEY=…'} autosize minRows={8} maxRows={16} classNames={{ input: 'mono' }} value={text} onChange={(event) => setText(event.currentTarget.value)} spellCheck={false} />}
        {parse.isError && <ErrorNote error={parse.error} />}
        {parsed && (
          <>
            <Text fz="sm">{t('variables.found', { count: parsed.length })}</Text>
            <Table>
              <Table.Thead><Table.Tr><Table.Th scope="col">{t('name')}</Table.Th><Table.Th scope="col">{t('variables.value')}</Table.Th><Table.Th scope="col">{t('variables.secret')}</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>
                {parsed.map(({ name, value, secret }) => (
                  <Table.Tr key={name}>
                    <Table.Td className="mono">{name}</Table.Td>
                    <Table.Td className="mono wraps">{secret ? '••••••••' : value}</Table.Td>
                    <Table.Td><Checkbox aria-label={`${t('variables.secret')} ${name}`} checked={secret} onChange={(event) => setSecret(name, event.currentTarget.checked)} /></Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
            <MultiSelect label={t('variables.for')} data={environments} value={chosen} onChange={setChosen} />
          </>
        )}
        <Group justify="flex-end">
          {parsed
            ? <Button onClick={take} disabled={chosen.length === 0 || parsed.length === 0}>{t('variables.take')}</Button>
            : <Button loading={parse.isPending} disabled={text.trim() === ''} onClick={() => parse.mutate({ text }, { onSuccess: setParsed })}>{t('variables.read')}</Button>}
        </Group>
      </Stack>
    </Modal>
  );
}
