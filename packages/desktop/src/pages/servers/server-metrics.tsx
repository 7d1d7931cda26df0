import { SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useDaemon } from '../../connection/use-control.ts';
import { TimeChart } from '../../parts/chart/time-chart.tsx';
import { spans, SpanChoice, type Span } from '../../parts/chart/span-choice.tsx';
import { Answer } from '../../parts/notes.tsx';
import { useFormats } from '../../words/formats.ts';
import { useTranslate } from '../../words/language.tsx';

const refreshMs = 15_000;
const points = 180;

/** What the server, and RedControl itself, took over time. */
export function ServerMetrics({ server }: { server: string }) {
  const t = useTranslate();
  const { bytes, percent } = useFormats();
  const [span, setSpan] = useState<Span>('3h');
  const read = useDaemon(server, 'metrics.server', { lastMs: spans[span], points }, { refetchInterval: refreshMs });
  return (
    <Stack gap="sm" component="section" aria-labelledby="server-metrics">
      <Title order={2} id="server-metrics">{t('metrics')}</Title>
      <SpanChoice value={span} onChange={setSpan} />
      <Answer query={read}>
        {({ result: { at, cpus, cpuCount, memoryBytes, memoryTotalBytes, disks, daemon } }) => (
          <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
            <TimeChart title={t('metrics.cpu')} at={at} lines={[{ name: t('metrics.whole-server'), figures: cpus }, { name: 'RedControl', figures: daemon.cpus }]} format={percent} most={cpuCount} />
            <TimeChart title={t('metrics.memory')} at={at} lines={[{ name: t('metrics.whole-server'), figures: memoryBytes }, { name: 'RedControl', figures: daemon.memoryBytes }]} format={bytes} most={memoryTotalBytes} />
            <TimeChart title={t('metrics.disk')} at={at} lines={disks.map(({ folder, usedBytes }) => ({ name: folder, figures: usedBytes }))} format={bytes} most={Math.max(0, ...disks.map(({ totalBytes }) => totalBytes ?? 0))} />
          </SimpleGrid>
        )}
      </Answer>
      <Text fz="sm" c="dimmed">{t('metrics.cpu-help')}</Text>
    </Stack>
  );
}
