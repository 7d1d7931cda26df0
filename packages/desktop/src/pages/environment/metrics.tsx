import { SimpleGrid, Stack, Text } from '@mantine/core';
import { useCallback, useState } from 'react';
import type { EnvironmentMetrics } from '@redcontrol/contract';
import { useDaemon } from '../../connection/use-control.ts';
import { TimeChart } from '../../parts/chart/time-chart.tsx';
import { spans, SpanChoice, type Span } from '../../parts/chart/span-choice.tsx';
import { Answer } from '../../parts/notes.tsx';
import { useFormats } from '../../words/formats.ts';
import { useTranslate } from '../../words/language.tsx';

const refreshMs = 15_000;
const points = 180;

/** What an environment took and answered over time. */
export function Metrics({ server, ...owner }: { server: string; project: string; environment: string }) {
  const t = useTranslate();
  const [span, setSpan] = useState<Span>('3h');
  const read = useDaemon(server, 'metrics.environment', { ...owner, lastMs: spans[span], points }, { refetchInterval: refreshMs });
  return (
    <Stack gap="md">
      <SpanChoice value={span} onChange={setSpan} />
      <Answer query={read}>{({ result }) => <Charts metrics={result} />}</Answer>
      <Text fz="sm" c="dimmed">{t('metrics.help')}</Text>
    </Stack>
  );
}

function Charts({ metrics: { at, requests, processes, volumes, total } }: { metrics: EnvironmentMetrics }) {
  const t = useTranslate();
  const { bytes, duration, number, percent } = useFormats();
  const perSecond = useCallback((count: number) => t('metrics.per-second', { count: number(count) }), [t, number]);
  const bytesPerSecond = useCallback((count: number) => t('metrics.per-second', { count: bytes(count) }), [t, bytes]);
  const limits = processes.map(({ memoryLimitBytes }) => memoryLimitBytes ?? 0);
  return (
    <>
      {total.requests > 0 && <Text>{t('metrics.total', { count: total.requests, errors: percent(total.errors / total.requests), p50: duration(total.p50Ms ?? 0), p95: duration(total.p95Ms ?? 0) })}</Text>}
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <TimeChart title={t('metrics.requests')} at={at} lines={[{ name: '', figures: requests.perSecond }]} format={perSecond} />
        <TimeChart title={t('metrics.errors')} at={at} lines={[{ name: '', figures: requests.errorShare }]} format={percent} most={0.1} />
        <TimeChart title={t('metrics.answers')} at={at} lines={[{ name: t('metrics.p50'), figures: requests.p50Ms }, { name: t('metrics.p95'), figures: requests.p95Ms }]} format={duration} />
        <TimeChart title={t('metrics.cpu')} at={at} lines={processes.map(({ name, cpus }) => ({ name, figures: cpus }))} format={percent} most={0.1} />
        <TimeChart title={t('metrics.memory')} at={at} lines={processes.map(({ name, memoryBytes }) => ({ name, figures: memoryBytes }))} format={bytes} most={Math.max(0, ...limits)} />
        <TimeChart title={t('metrics.network')} at={at} lines={processes.map(({ name, receivedPerSecond, sentPerSecond }) => ({ name, figures: receivedPerSecond.map((received, index) => (received === null ? null : received + (sentPerSecond[index] ?? 0))) }))} format={bytesPerSecond} />
        {volumes.length > 0 && <TimeChart title={t('metrics.volumes')} at={at} lines={volumes.map(({ name, bytes: figures }) => ({ name, figures }))} format={bytes} />}
      </SimpleGrid>
    </>
  );
}
