import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { useNavigate } from 'react-router';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useFormats } from '../../words/formats.ts';
import { useTranslate } from '../../words/language.tsx';
import type { Bar } from './duration-chart.tsx';
import './chart.css';

const heightPx = 150;

/** Bars of durations, in the colour of how it ended; a click opens the run. */
export function DurationBars({ bars }: { bars: readonly Bar[] }) {
  const t = useTranslate();
  const formats = useFormats();
  const go = useNavigate();
  const scheme = useComputedColorScheme('light');
  const { ref, width } = useElementSize<HTMLDivElement>();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current || width === 0) return;
    const style = getComputedStyle(document.documentElement);
    const ink = (name: string) => style.getPropertyValue(name).trim();
    const seconds = (succeeded: boolean) => bars.map((bar) => (bar.succeeded === succeeded ? bar.tookMs / 1000 : null));
    const shape = uPlot.paths.bars?.({ size: [0.7, 26], radius: 0.15 });
    const series = (label: string, color: string): uPlot.Series => ({ label, fill: color, stroke: color, points: { show: false }, ...(shape ? { paths: shape } : {}) });
    const axis = { stroke: ink('--mantine-color-dimmed'), font: '11px system-ui', ticks: { show: false } };
    const plot = new uPlot({
      width, height: heightPx, legend: { show: false }, cursor: { drag: { x: false, y: false }, points: { show: false } },
      scales: { x: { time: false, range: [-0.6, bars.length - 0.4] }, y: { range: (_plot, _least, most) => [0, Math.max(1, most * 1.1)] } },
      axes: [{ ...axis, size: 28, grid: { show: false }, values: (_plot, splits) => splits.map((split) => (Number.isInteger(split) && bars[split] ? `#${bars[split].number}` : '')) }, { ...axis, size: 96, grid: { stroke: ink('--line'), width: 1 }, values: (_plot, splits) => splits.map((split) => formats.duration(split * 1000)) }],
      series: [{}, series(t('run.status.succeeded'), ink('--ok-ink')), series(t('run.status.failed'), ink('--bad-ink'))],
    }, [bars.map((_, index) => index), seconds(true), seconds(false)], place.current);
    plot.over.addEventListener('click', () => {
      const bar = bars[plot.cursor.idx ?? -1];
      if (bar) void go(bar.to);
    });
    return () => plot.destroy();
  }, [bars, width, scheme, formats, go, t]);
  return <div ref={ref} className="chart-place"><div ref={place} aria-hidden /></div>;
}
