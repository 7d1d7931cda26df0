import { SegmentedControl } from '@mantine/core';
import { useTranslate } from '../../words/language.tsx';

const hourMs = 3_600_000;
/** How far back charts go. */
export const spans = { '1h': hourMs, '3h': 3 * hourMs, '24h': 24 * hourMs, '7d': 168 * hourMs, '30d': 720 * hourMs } as const;
export type Span = keyof typeof spans;

export function SpanChoice({ value, onChange }: { value: Span; onChange: (span: Span) => void }) {
  const t = useTranslate();
  const names = Object.keys(spans) as Span[];
  return <SegmentedControl size="xs" w="fit-content" aria-label={t('metrics.span')} value={value} onChange={(chosen) => onChange(chosen as Span)} data={names.map((span) => ({ value: span, label: t(`metrics.span.${span}`) }))} />;
}
