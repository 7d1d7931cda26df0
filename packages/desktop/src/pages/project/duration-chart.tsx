import { Suspense } from 'react';
import type { RunRecord } from '@redcontrol/contract';
import { lazyPart } from '../../parts/lazy-part.tsx';
import { useFormats } from '../../words/formats.ts';
import { useTranslate } from '../../words/language.tsx';

const Chart = lazyPart(async () => (await import('./run-chart.tsx')).RunChart);
const shownRuns = 60;
const leastRuns = 3;

/** How long the last runs took and how many succeeded: a picture, and the same in a sentence. */
export function DurationChart({ server, runs }: { server: string; runs: RunRecord[] }) {
  const t = useTranslate();
  const formats = useFormats();
  const ended = runs.filter(({ status, startedAt, finishedAt }) => (status === 'succeeded' || status === 'failed') && startedAt !== null && finishedAt !== null).slice(0, shownRuns).reverse();
  if (ended.length < leastRuns) return null;
  const durations = ended.map(({ startedAt, finishedAt }) => finishedAt! - startedAt!).sort((one, other) => one - other);
  const succeeded = ended.filter(({ status }) => status === 'succeeded').length;
  const words = t('chart.words', { count: ended.length, share: formats.percent(succeeded / ended.length), duration: formats.duration(durations[Math.floor(durations.length / 2)] ?? 0) });
  return (
    <figure className="sheet chart">
      <Suspense fallback={<div className="chart-place" />}><Chart server={server} runs={ended} /></Suspense>
      <figcaption className="quiet">{words}</figcaption>
    </figure>
  );
}
