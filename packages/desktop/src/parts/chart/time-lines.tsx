import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useFormats } from '../../words/formats.ts';
import type { Line } from './time-chart.tsx';
import { inkOf } from './line-ink.ts';
import './chart.css';

const heightPx = 150;
const dayMs = 86_400_000;

/** Lines over time. Where nothing was measured there is a gap. */
export function TimeLines({ at, lines, format, most }: { at: readonly number[]; lines: readonly Line[]; format: (figure: number) => string; most?: number | undefined }) {
  const formats = useFormats();
  const scheme = useComputedColorScheme('light');
  const { ref, width } = useElementSize<HTMLDivElement>();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current || width === 0) return;
    const style = getComputedStyle(document.documentElement);
    const ink = (name: string) => style.getPropertyValue(name).trim();
    const axis = { stroke: ink('--mantine-color-dimmed'), font: '11px system-ui', ticks: { show: false } };
    const isLong = (at.at(-1) ?? 0) - (at[0] ?? 0) > dayMs;
    const time = (ms: number) => (isLong ? formats.day(ms) : formats.minute(ms));
    const plot = new uPlot({
      width, height: heightPx, legend: { show: false }, cursor: { drag: { x: false, y: false } },
      scales: { y: { range: (_plot, _least, top) => [0, Math.max(most ?? 0, top * 1.1, 1e-9)] } },
      axes: [{ ...axis, size: 28, space: 90, grid: { show: false }, values: (_plot, splits) => splits.map((split) => time(split * 1000)) }, { ...axis, size: 84, grid: { stroke: ink('--line'), width: 1 }, values: (_plot, splits) => splits.map(format) }],
      series: [{}, ...lines.map(({ name }, index): uPlot.Series => ({ label: name, stroke: ink(inkOf(index)), width: 1.5, points: { show: false } }))],
    }, [at.map((ms) => ms / 1000), ...lines.map(({ figures }) => [...figures])], place.current);
    return () => plot.destroy();
  }, [at, lines, format, most, width, scheme, formats]);
  return <div ref={ref} className="chart-place still"><div ref={place} aria-hidden /></div>;
}
