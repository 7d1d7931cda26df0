import { Chip, Group, Input, MultiSelect, Select, TagsInput } from '@mantine/core';
import { channelLanguages, newsKinds, statusKinds, type ChannelKind } from '@redcontrol/contract';
import { useConfigEditor, useProblem } from '../../../editor/editor-context.tsx';
import { listAt, mapAt, textAt, valueAt } from '../../../editor/read-data.ts';
import { languageNames } from '../../../words/language-names.ts';
import { useTranslate } from '../../../words/language.tsx';

/** What a channel is told, of which environments and branches, and in which language. */
export function ChannelChoice({ kind, path }: { kind: ChannelKind; path: string[] }) {
  const t = useTranslate();
  const { data, edit, remove } = useConfigEditor();
  const environments = Object.keys(mapAt(data, ['environments']));
  const set = (key: string) => (value: string[]) => (value.length === 0 ? remove([...path, key]) : edit([...path, key], value));
  return (
    <>
      {!statusKinds.some((one) => one === kind) && <Events path={path} />}
      <Group align="flex-start" gap="sm">
        <MultiSelect label={t('channels.environments')} placeholder={listAt(data, [...path, 'environments']).length === 0 ? t('channels.environments-all') : ''} w={240} data={environments} value={listAt(data, [...path, 'environments']).map(String)} onChange={set('environments')} error={useProblem([...path, 'environments'])} />
        <TagsInput label={t('channels.branches')} description={t('channels.branches-help')} w={260} value={listAt(data, [...path, 'branches']).map(String)} onChange={set('branches')} error={useProblem([...path, 'branches'])} />
        <Select label={t('channels.language')} w={200} allowDeselect={false} data={channelLanguages.map((value) => ({ value, label: languageNames[value] }))} value={textAt(data, [...path, 'language']) || 'en'} onChange={(value) => value && edit([...path, 'language'], value)} />
      </Group>
    </>
  );
}

function Events({ path }: { path: string[] }) {
  const t = useTranslate();
  const { data, edit } = useConfigEditor();
  const at = [...path, 'events'];
  const chosen = valueAt(data, at) === undefined ? newsKinds.filter((kind) => kind !== 'passed') : listAt(data, at).map(String);
  const problem = useProblem(at);
  return (
    <Input.Wrapper label={t('channels.events')} error={problem} labelElement="div">
      <Chip.Group multiple value={[...chosen]} onChange={(value) => edit(at, newsKinds.filter((kind) => value.includes(kind)))}>
        <Group gap={6} mt={4} role="group" aria-label={t('channels.events')}>{newsKinds.map((kind) => <Chip key={kind} value={kind} size="xs" variant="outline">{t(`channels.event.${kind}`)}</Chip>)}</Group>
      </Chip.Group>
    </Input.Wrapper>
  );
}
