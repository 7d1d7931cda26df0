import { ActionIcon, Button, Group, NumberInput, Stack, TextInput } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import { server as serverConfig } from '@redcontrol/contract';
import { useConfigEditor, useField, useProblem } from '../../editor/editor-context.tsx';
import { mapAt, textAt, valueAt } from '../../editor/read-data.ts';
import { Note } from '../../parts/notes.tsx';
import { NameField } from '../../parts/name-field.tsx';
import { useTranslate } from '../../words/language.tsx';
import { bind } from './repository-section.tsx';
import { ServerCheck } from './server-check.tsx';

export function ServersSection() {
  const t = useTranslate();
  const editor = useConfigEditor();
  const names = Object.keys(mapAt(editor.data, ['servers']));
  const problem = useProblem(['servers'], { below: false });
  const add = () => editor.edit(['servers', freeName(names, 'server')], { host: '' });
  return (
    <Stack gap="lg" maw={860}>
      {problem && <Note tone="bad">{problem}</Note>}
      {names.map((name) => <ServerFields key={name} name={name} isOnly={names.length === 1} />)}
      <Group><Button variant="default" leftSection={<Plus size={16} aria-hidden />} onClick={add}>{t('servers.add')}</Button></Group>
    </Stack>
  );
}

function ServerFields({ name, isOnly }: { name: string; isOnly: boolean }) {
  const t = useTranslate();
  const editor = useConfigEditor();
  const path = ['servers', name];
  const host = useField([...path, 'host'], { required: true });
  const user = useField([...path, 'user']);
  const port = valueAt(editor.data, [...path, 'port']);
  const address = serverConfig.safeParse({ host: host.value, user: user.value || 'root', port: typeof port === 'number' ? port : 22 });
  return (
    <section className="sheet part" aria-label={t('servers.of', { name })}>
      <Group align="flex-start" gap="sm">
        <NameField label={t('name')} path={path} w={150} />
        <TextInput label={t('servers.host')} placeholder="203.0.113.10" flex={1} miw={200} {...bind(host)} autoComplete="off" spellCheck={false} />
        <TextInput label={t('servers.user')} placeholder="root" w={170} {...bind(user)} />
        <NumberInput label={t('servers.port')} placeholder="22" w={110} min={1} max={65_535} hideControls value={textAt(editor.data, [...path, 'port'])} onChange={(value) => (value === '' ? editor.remove([...path, 'port']) : editor.edit([...path, 'port'], value))} error={useProblem([...path, 'port'])} />
        {!isOnly && <ActionIcon variant="subtle" color="gray" mt={26} size={34} aria-label={t('remove-named', { name })} onClick={() => editor.remove(path)}><Trash2 size={16} /></ActionIcon>}
      </Group>
      {address.success && host.error === undefined && <ServerCheck key={`${address.data.user}@${address.data.host}:${address.data.port}`} address={address.data} />}
    </section>
  );
}

export function freeName(names: readonly string[], base: string): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!names.includes(name)) return name;
  }
}
