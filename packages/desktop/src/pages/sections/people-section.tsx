import { ActionIcon, Button, FileButton, Group, Select, Stack, Table, Text, Textarea, TextInput } from '@mantine/core';
import { FileUp, KeyRound, Plus, Trash2, Users } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { roles, type PublicKey } from '@redcontrol/contract';
import { useConnection, useControl, useControlAction } from '../../connection/use-control.ts';
import { useConfigEditor, useField, useProblem } from '../../editor/editor-context.tsx';
import { listAt, textAt } from '../../editor/read-data.ts';
import { Empty, ErrorNote } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';
import { InviteDevelopers } from './invite-developers.tsx';
import { bind } from './repository-section.tsx';

/** Who may do what: each public key is one person. */
export function PeopleSection() {
  const t = useTranslate();
  const { data } = useConfigEditor();
  const count = listAt(data, ['people']).length;
  return (
    <Stack gap="md" maw={960}>
      <Text fz="sm" c="dimmed" maw={720}>{t('people.help')}</Text>
      {count === 0 ? <div className="sheet"><Empty title={t('people.none')} icon={Users} /></div> : (
        <div className="sheet scrolls">
          <Table verticalSpacing="xs">
            <Table.Thead><Table.Tr><Table.Th scope="col">{t('name')}</Table.Th><Table.Th scope="col">{t('people.key')}</Table.Th><Table.Th scope="col">{t('people.role')}</Table.Th><Table.Th><span className="hidden-text">{t('remove')}</span></Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>{Array.from({ length: count }, (_, index) => <PersonRow key={index} index={index} />)}</Table.Tbody>
          </Table>
        </div>
      )}
      <AddKeys />
      <InviteDevelopers />
    </Stack>
  );
}

function PersonRow({ index }: { index: number }) {
  const t = useTranslate();
  const { data, edit, remove } = useConfigEditor();
  const path = ['people', index] as const;
  const name = useField([...path, 'name'], { required: true });
  const key = textAt(data, [...path, 'key']);
  const keyError = useProblem([...path, 'key']);
  const fingerprint = useFingerprint(key);
  return (
    <Table.Tr>
      <Table.Td><TextInput aria-label={t('name')} {...bind(name)} miw={160} /></Table.Td>
      <Table.Td className="wraps"><span className="mono">{fingerprint ?? key.slice(0, 40)}</span>{keyError && <Text fz="xs" c="var(--bad-ink)">{keyError}</Text>}</Table.Td>
      <Table.Td><Select aria-label={t('people.role')} data={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))} value={textAt(data, [...path, 'role'])} onChange={(role) => role && edit([...path, 'role'], role)} w={190} allowDeselect={false} error={useProblem([...path, 'role'])} /></Table.Td>
      <Table.Td w={44}><ActionIcon variant="subtle" color="gray" aria-label={t('remove-named', { name: name.value })} onClick={() => remove(path)}><Trash2 size={15} /></ActionIcon></Table.Td>
    </Table.Tr>
  );
}

function useFingerprint(key: string): string | undefined {
  const connection = useConnection();
  return useQuery({ queryKey: ['control', 'ssh.identify', { text: key }], queryFn: () => connection.call('ssh.identify', { text: key }), enabled: key !== '', retry: false }).data?.[0]?.fingerprint;
}

function AddKeys() {
  const t = useTranslate();
  const { data, edit } = useConfigEditor();
  const [text, setText] = useState('');
  const { data: own = [] } = useControl('ssh.keys', {});
  const identify = useControlAction('ssh.identify');
  const people = listAt(data, ['people']);
  const known = people.map((_, index) => textAt(data, ['people', index, 'key']).split(' ').slice(0, 2).join(' '));
  const isKnown = ({ key }: PublicKey) => known.includes(key.split(' ').slice(0, 2).join(' '));
  const add = (keys: PublicKey[]) => {
    const fresh = keys.filter((key) => !isKnown(key));
    if (fresh.length === 0) return;
    // Somebody has to be able to administer: the first key is an admin's.
    edit(['people'], [...people, ...fresh.map(({ key, comment }, index) => ({ name: comment.replace(/@.*$/, '') || t('people.somebody'), key, role: people.length + index === 0 ? 'admin' : 'developer' }))]);
  };
  const read = (value: string) => identify.mutate({ text: value }, { onSuccess: (keys) => { add(keys); setText(''); } });
  return (
    <Stack gap="sm">
      {own.filter((key) => !isKnown(key)).map((key) => (
        <Group key={key.fingerprint} gap="sm">
          <Button variant="default" size="xs" leftSection={<KeyRound size={14} aria-hidden />} onClick={() => add([key])}>{t('people.add-own', { file: key.file?.split('/').at(-1) ?? '' })}</Button>
          <span className="mono quiet">{key.fingerprint}</span>
        </Group>
      ))}
      <Textarea label={t('people.paste')} placeholder="ssh-ed25519 AAAA…" autosize minRows={2} maxRows={8} classNames={{ input: 'mono' }} value={text} onChange={(event) => setText(event.currentTarget.value)} spellCheck={false} />
      {identify.isError && <ErrorNote error={identify.error} />}
      <Group>
        <Button variant="default" leftSection={<Plus size={16} aria-hidden />} disabled={text.trim() === ''} loading={identify.isPending} onClick={() => read(text)}>{t('add')}</Button>
        <FileButton onChange={(file) => void file?.text().then(read)} accept=".pub,text/plain">
          {(props) => <Button {...props} variant="default" leftSection={<FileUp size={16} aria-hidden />}>{t('people.file')}</Button>}
        </FileButton>
      </Group>
    </Stack>
  );
}
