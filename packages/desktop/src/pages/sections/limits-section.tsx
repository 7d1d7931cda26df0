import { NumberInput, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { ShieldCheck } from 'lucide-react';
import { useConfigEditor, useField, useProblem } from '../../editor/editor-context.tsx';
import { textAt } from '../../editor/read-data.ts';
import { Note } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';
import { bind } from './repository-section.tsx';

/** Where code runs, and how much of the server a run may take. */
export function LimitsSection() {
  const t = useTranslate();
  const { data, edit, remove } = useConfigEditor();
  const isVm = textAt(data, ['isolation']) === 'vm';
  const memory = useField(['limits', 'memory']);
  const disk = useField(['limits', 'disk']);
  const time = useField(['limits', 'time']);
  const cpus = useProblem(['limits', 'cpus']);
  return (
    <Stack gap="md" maw={720}>
      <Note tone="busy" icon={ShieldCheck}><strong>{isVm ? t('isolation.vm') : t('isolation.container')}</strong><div>{isVm ? t('isolation.vm-text') : t('isolation.container-text')}</div></Note>
      <Text fz="sm" c="dimmed">{t('limits.help')}</Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        <TextInput label={t('limits.memory')} placeholder="2G" {...bind(memory)} />
        <NumberInput label={t('limits.cpus')} placeholder="2" min={0.1} max={256} value={textAt(data, ['limits', 'cpus'])} onChange={(value) => (value === '' ? remove(['limits', 'cpus']) : edit(['limits', 'cpus'], value))} error={cpus} />
        <TextInput label={t('limits.disk')} placeholder="10G" {...bind(disk)} />
        <TextInput label={t('limits.time')} placeholder="1h" {...bind(time)} />
      </SimpleGrid>
    </Stack>
  );
}
