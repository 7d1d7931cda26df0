import { Group, Stack } from '@mantine/core';
import { useDaemon } from '../../connection/use-control.ts';
import { Ago } from '../../parts/time-text.tsx';
import { useFormats } from '../../words/formats.ts';
import { useTranslate } from '../../words/language.tsx';

const lookEveryMs = 5_000;

/** Load, memory and disk of a server as bars. */
export function Resources({ server }: { server: string }) {
  const t = useTranslate();
  const formats = useFormats();
  const answer = useDaemon(server, 'server.state', {}, { refetchInterval: lookEveryMs }).data;
  if (!answer) return null;
  const { result: state, old, at } = answer;
  return (
    <Stack gap={10}>
      {old && <span className="quiet">{t('old.shown')} <Ago at={at} /></span>}
      <Meter label={t('server.load')} text={`${formats.number(state.loadAverage)} / ${state.cpus}`} share={state.loadAverage / state.cpus} />
      <Meter label={t('server.memory')} text={t('server.used-of', { used: formats.bytes(state.memoryTotalBytes - state.memoryFreeBytes), all: formats.bytes(state.memoryTotalBytes) })} share={1 - state.memoryFreeBytes / state.memoryTotalBytes} />
      <Meter label={t('server.disk')} text={t('server.used-of', { used: formats.bytes(state.diskTotalBytes - state.diskFreeBytes), all: formats.bytes(state.diskTotalBytes) })} share={1 - state.diskFreeBytes / state.diskTotalBytes} />
    </Stack>
  );
}

function Meter({ label, text, share }: { label: string; text: string; share: number }) {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
  const tone = percent >= 90 ? 'bad' : percent >= 75 ? 'warn' : 'ok';
  return (
    <div>
      <Group justify="space-between" fz="sm" mb={4}><span>{label}</span><span>{text}</span></Group>
      <div className="meter" data-tone={tone} role="meter" aria-label={label} aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100} aria-valuetext={text}><span style={{ width: `${percent}%` }} /></div>
    </div>
  );
}
