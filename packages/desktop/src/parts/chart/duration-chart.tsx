import { Suspense, useMemo } from 'react';
import type { ReleaseRecord, RunRecord } from '@redcontrol/contract';
import { useFormats } from '../../words/formats.ts';
import { useTranslate } from '../../words/language.tsx';
import { paths } from '../../pages/paths.ts';
import { lazyPart } from '../lazy-part.tsx';

const Bars = lazyPart(async () => (await import('./duration-bars.tsx')).DurationBars);
const shownBars = 60;
const leastBars = 3;

/** One run or release: how long it took, how it ended, and where it is told in full. */
export interface Bar {
  number: number;
  tookMs: number;
  succeeded: boolean;
  to: string;
}

/** How long the last ones took and how many succeeded, oldest first: a picture, and the same in a sentence. */
export function DurationChart({ bars, of }: { bars: readonly Bar[]; of: 'runs' | 'releases' }) {
  const t = useTranslate();
  const formats = useFormats();
  // The same bars again are not drawn again.
  const text = JSON.stringify(bars);
  const drawn = useMemo(() => JSON.parse(text) as Bar[], [text]);
  if (bars.length < leastBars) return null;
  const sorted = bars.map(({ tookMs }) => tookMs).sort((one, other) => one - other);
  const share = bars.filter(({ succeeded }) => succeeded).length / bars.length;
  return (
    <figure className="sheet chart">
      <Suspense fallback={<div className="chart-place" />}><Bars bars={drawn} /></Suspense>
      <figcaption className="quiet">{t(`chart.${of}`, { count: bars.length, share: formats.percent(share), duration: formats.duration(sorted[Math.floor(sorted.length / 2)] ?? 0) })}</figcaption>
    </figure>
  );
}

export function barsOfRuns(server: string, runs: readonly RunRecord[]): Bar[] {
  return runs.flatMap(({ id, project, status, startedAt, finishedAt }) => (
    (status === 'succeeded' || status === 'failed') && startedAt !== null && finishedAt !== null ? [{ number: id, tookMs: finishedAt - startedAt, succeeded: status === 'succeeded', to: paths.run(server, project, id) }] : []
  )).slice(0, shownBars).reverse();
}

/** From a release's beginning until it was live, or until it was given up. */
export function barsOfReleases(server: string, releases: readonly ReleaseRecord[]): Bar[] {
  return releases.flatMap(({ number, project, runId, createdAt, liveAt, endedAt }) => {
    const end = liveAt ?? endedAt;
    return end === null ? [] : [{ number, tookMs: end - createdAt, succeeded: liveAt !== null, to: paths.run(server, project, runId) }];
  }).slice(0, shownBars).reverse();
}
