import { ActionIcon, Button, Group, Select, Stack, Text } from '@mantine/core';
import { Bell, Plus, Trash2 } from 'lucide-react';
import { messageKinds, statusKinds, type ChannelKind } from '@redcontrol/contract';
import { useConfigEditor, useProblem } from '../../editor/editor-context.tsx';
import { mapAt, textAt } from '../../editor/read-data.ts';
import { NameField } from '../../parts/name-field.tsx';
import { Empty, Note } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';
import { ChannelChoice } from './channels/channel-choice.tsx';
import { ChannelState } from './channels/channel-state.tsx';
import { ChannelTarget } from './channels/channel-target.tsx';
import { freeName } from './servers-section.tsx';

const kinds = [...messageKinds, ...statusKinds];

/** Where the team is told of what happens. */
export function ChannelsSection() {
  const t = useTranslate();
  const editor = useConfigEditor();
  const names = Object.keys(mapAt(editor.data, ['channels']));
  const problem = useProblem(['channels'], { below: false });
  const add = () => editor.edit(['channels', freeName(names, 'team')], { kind: 'telegram', chat: '', secret: 'TEAM_TOKEN' });
  return (
    <Stack gap="lg" maw={860}>
      <Text fz="sm" c="dimmed" maw={720}>{t('channels.help')}</Text>
      {problem && <Note tone="bad">{problem}</Note>}
      {names.length === 0 && <div className="sheet"><Empty title={t('channels.none')} icon={Bell} /></div>}
      {names.map((name) => <ChannelFields key={name} name={name} />)}
      <Group><Button variant="default" leftSection={<Plus size={16} aria-hidden />} onClick={add}>{t('channels.add')}</Button></Group>
    </Stack>
  );
}

function ChannelFields({ name }: { name: string }) {
  const t = useTranslate();
  const { data, edit, remove } = useConfigEditor();
  const path = ['channels', name];
  const kind = kinds.find((one) => one === textAt(data, [...path, 'kind']));
  const problem = useProblem(path, { below: false });
  return (
    <section className="sheet part" aria-label={t('channels.of', { name })}>
      <Stack gap="sm">
        <Group align="flex-start" gap="sm">
          <NameField label={t('name')} path={path} w={150} />
          <Select label={t('channels.kind')} w={260} allowDeselect={false} data={kinds.map((value) => ({ value, label: t(`channels.kind.${value}`) }))} value={kind ?? null} onChange={(value) => value && edit(path, freshChannel(data, path, value as ChannelKind))} error={useProblem([...path, 'kind'])} />
          <ActionIcon variant="subtle" color="gray" mt={26} size={34} aria-label={t('remove-named', { name })} onClick={() => remove(path)}><Trash2 size={16} /></ActionIcon>
        </Group>
        {problem && <Note tone="bad">{problem}</Note>}
        {kind && <ChannelTarget kind={kind} path={path} />}
        {kind && <ChannelChoice kind={kind} path={path} />}
        <ChannelState name={name} />
      </Stack>
    </section>
  );
}

/** Another kind keeps what all kinds have; the rest is of the old kind only. */
function freshChannel(data: unknown, path: string[], kind: ChannelKind): Record<string, unknown> {
  const old = mapAt(data, path);
  const isStatus = statusKinds.some((one) => one === kind);
  const kept = ['secret', 'environments', 'branches', 'language', ...(isStatus ? [] : ['events'])].filter((key) => old[key] !== undefined);
  const needed = { telegram: { chat: '' }, email: { host: '', from: '', to: [] }, webhook: { url: '' } }[kind as string] ?? {};
  return { kind, ...needed, ...Object.fromEntries(kept.map((key) => [key, old[key]])), ...(kind === 'email' || old.secret !== undefined ? {} : { secret: 'TEAM_TOKEN' }) };
}
