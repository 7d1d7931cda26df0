import { Radio, Stack } from '@mantine/core';
import { useDaemon } from '../../connection/use-control.ts';
import { useConfigEditor, useProblem } from '../../editor/editor-context.tsx';
import { textAt } from '../../editor/read-data.ts';
import { Note } from '../../parts/notes.tsx';
import { useFormats } from '../../words/formats.ts';
import { useTranslate } from '../../words/language.tsx';
import { useEnvironmentServer } from './use-environment-server.ts';

const choices = ['container', 'vm'] as const;
/** What one machine with its own Docker Engine takes at the least. */
const goodMachineBytes = 3.5 * 1024 ** 3;

/** Containers or a virtual machine, with what the server has for one. */
export function IsolationChoice() {
  const t = useTranslate();
  const { data, edit, remove } = useConfigEditor();
  const error = useProblem(['isolation']);
  const chosen = textAt(data, ['isolation']) || 'container';
  const choose = (value: string) => (value === 'container' ? remove(['isolation']) : edit(['isolation'], value));
  return (
    <Stack gap="sm">
      <Radio.Group label={t('isolation.label')} value={chosen} onChange={choose} error={error}>
        <Stack gap="xs" mt={6}>{choices.map((value) => <Radio key={value} value={value} label={t(`isolation.${value}`)} description={t(`isolation.${value}-text`)} />)}</Stack>
      </Radio.Group>
      <WhatServerHas />
    </Stack>
  );
}

function WhatServerHas() {
  const t = useTranslate();
  const formats = useFormats();
  const link = useEnvironmentServer();
  const machines = useDaemon(link?.id ?? '', 'server.state', {}, { enabled: link?.state === 'reachable' }).data?.result.machines;
  if (!machines) return <Note tone="busy">{t('isolation.not-known')}</Note>;
  const memory = formats.bytes(machines.memoryAvailableBytes);
  if (machines.acceleration !== 'kvm') return <Note tone="warn">{t('isolation.no-kvm')}</Note>;
  if (machines.memoryAvailableBytes < goodMachineBytes) return <Note tone="warn">{t('isolation.little-memory', { memory })}</Note>;
  return <Note tone="ok">{t('isolation.possible', { memory })}</Note>;
}
