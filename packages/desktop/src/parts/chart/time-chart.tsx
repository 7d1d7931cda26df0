import { Suspense, useMemo } from 'react';
import { Text, Title } from '@mantine/core';
import { useTranslate } from '../../words/language.tsx';
import { lazyPart } from '../lazy-part.tsx';
import { inkOf } from './line-ink.ts';
import './chart.css';

const Lines = lazyPart(async () => (await import('./time-lines.tsx')).TimeLines);

/** One line of a chart: a figure for each time, null where nothing was measured. */
export interface Line {
  name: string;
  figures: readonly (number | null)[];
}

interface TimeChartProps {
  title: string;
  at: readonly number[];
  lines: readonly Line[];
  format: (figure: number) => string;
  /** Where the chart ends above at least: what all of it would be. */
  most?: number | undefined;
}

/** Figures over time: a picture, and what is the last and the largest of each line in words. */
export function TimeChart({ title, at, lines, format, most }: TimeChartProps) {
  const t = useTranslate();
  // The same figures again are not drawn again.
  const text = JSON.stringify([at, lines]);
  const [drawnAt, drawn] = useMemo(() => JSON.parse(text) as [number[], Line[]], [text]);
  const known = lines.filter(({ figures }) => figures.some((figure) => figure !== null));
  return (
    <figure className="sheet chart" aria-label={title}>
      <Title order={3} fz="sm" mb={6}>{title}</Title>
      {known.length === 0
        ? <Text fz="sm" c="dimmed">{t('metrics.nothing')}</Text>
        : <Suspense fallback={<div className="chart-place" />}><Lines at={drawnAt} lines={drawn} format={format} most={most} /></Suspense>}
      <figcaption className="chart-legend">
        {lines.map(({ name, figures }, index) => {
          const now = figures.findLast((figure) => figure !== null);
          if (now === undefined || now === null) return null;
          const values = { now: format(now), most: format(Math.max(...figures.map((figure) => figure ?? 0))) };
          return <span key={name}><i aria-hidden style={{ background: `var(${inkOf(index)})` }} />{name === '' ? t('metrics.now-and-most', values) : t('metrics.line', { name, ...values })}</span>;
        })}
      </figcaption>
    </figure>
  );
}
