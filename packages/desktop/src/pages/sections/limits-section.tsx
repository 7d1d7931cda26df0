import { NumberInput, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useConfigEditor, useField, useProblem } from '../../editor/editor-context.tsx';
import { textAt } from '../../editor/read-data.ts';
import { useTranslate } from '../../words/language.tsx';
import { IsolationChoice } from './isolation-choice.tsx';
import { bind } from './repository-section.tsx';

/** Where code runs, and how much of the server a run may take. */
export function LimitsSection() {
  const t = useTranslate();
  const { data, edit, remove } = useConfigEditor();
  const memory = useField(['limits', 'memory']);
  const disk = useField(['limits', 'disk']);
  const time = useField(['limits', 'time']);
  const cpus = useProblem(['limits', 'cpus']);
  return (
    <Stack gap="md" maw={720}>
      <IsolationChoice />
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
