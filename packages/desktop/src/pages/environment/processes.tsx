import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import { Minus, Play, Plus, RotateCcw, Square } from 'lucide-react';
import type { AppInstance, AppProcessState } from '@redcontrol/contract';
import { useDaemon, useDaemonAction } from '../../connection/use-control.ts';
import { ProcessChip } from '../../parts/chips.tsx';
import { Answer, Empty, ErrorNote } from '../../parts/notes.tsx';
import { Ago } from '../../parts/time-text.tsx';
import { useFormats } from '../../words/formats.ts';
import { useTranslate } from '../../words/language.tsx';

const refreshMs = 4_000;
const maxInstances = 100;

interface Place {
  server: string;
  project: string;
  environment: string;
}

/** The live version's processes: state and use of each container; they can be restarted, stopped, started and scaled. */
export function Processes({ server, ...owner }: Place) {
  const t = useTranslate();
  const list = useDaemon(server, 'app.list', owner, { refetchInterval: refreshMs });
  if (list.error?.code === 'CONFLICT') return <div className="sheet"><Empty title={t('processes.none')} /></div>;
  return (
    <Stack gap="md">
      <Answer query={list}>{({ result }) => result.map((process) => <Process key={process.process} server={server} owner={owner} state={process} />)}</Answer>
      <Text fz="sm" c="dimmed">{t('processes.help')}</Text>
    </Stack>
  );
}

function Process({ server, owner, state }: { server: string; owner: Omit<Place, 'server'>; state: AppProcessState }) {
  const t = useTranslate();
  const [restart, stop, start, scale] = [useDaemonAction(server, 'app.restart'), useDaemonAction(server, 'app.stop'), useDaemonAction(server, 'app.start'), useDaemonAction(server, 'app.scale')];
  const { process: name, wanted, stopped } = state;
  const of = { ...owner, process: name };
  const error = restart.error ?? stop.error ?? start.error ?? scale.error;
  const isBusy = restart.isPending || stop.isPending || start.isPending || scale.isPending;
  const change = (instances: number) => scale.mutate({ ...of, instances });
  return (
    <section className="sheet part" aria-label={name}>
      <Group justify="space-between" mb="xs">
        <Group gap="xs"><strong>{name}</strong>{state.instances.length === 0 && <ProcessChip state={stopped ? 'stopped' : 'none'} />}{state.command !== null && <span className="mono quiet wraps">{state.command}</span>}</Group>
        <Group gap={6}>
          <ActionIcon variant="default" disabled={isBusy || stopped || wanted === 0} aria-label={t('processes.fewer', { name })} onClick={() => change(wanted - 1)}><Minus size={14} /></ActionIcon>
          <span>{wanted}</span>
          <ActionIcon variant="default" disabled={isBusy || stopped || wanted >= maxInstances} aria-label={t('processes.more', { name })} onClick={() => change(wanted + 1)}><Plus size={14} /></ActionIcon>
          <Button size="compact-sm" variant="default" leftSection={<RotateCcw size={13} aria-hidden />} loading={restart.isPending} disabled={isBusy || stopped} onClick={() => restart.mutate(of)} aria-label={t('processes.restart-named', { name })}>{t('processes.restart')}</Button>
          {stopped
            ? <Button size="compact-sm" variant="default" leftSection={<Play size={13} aria-hidden />} loading={start.isPending} onClick={() => start.mutate(of)} aria-label={t('processes.start-named', { name })}>{t('processes.start')}</Button>
            : <Button size="compact-sm" variant="default" leftSection={<Square size={13} aria-hidden />} loading={stop.isPending} onClick={() => stop.mutate(of)} aria-label={t('processes.stop-named', { name })}>{t('processes.stop')}</Button>}
        </Group>
      </Group>
      {error && <ErrorNote error={error} />}
      {state.instances.length > 0 && (
        <div className="scrolls">
          <table className="facts">
            <thead><tr><th scope="col">{t('processes.process')}</th><th scope="col">{t('state')}</th><th scope="col">{t('processes.since')}</th><th scope="col">{t('processes.restarts')}</th><th scope="col">{t('processes.cpu')}</th><th scope="col">{t('processes.memory')}</th></tr></thead>
            <tbody>{state.instances.map((instance) => <Instance key={instance.name} instance={instance} isLooping={state.crashLoopSince !== null && instance.restarts > 0} />)}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Instance({ instance, isLooping }: { instance: AppInstance; isLooping: boolean }) {
  const t = useTranslate();
  const formats = useFormats();
  const { memoryBytes, memoryLimitBytes, cpus, exitCode } = instance;
  return (
    <tr>
      <td className="mono">{instance.name}</td>
      <td><ProcessChip state={isLooping ? 'crash-loop' : instance.state} />{exitCode !== null && <span className="quiet"> {t('run.exit', { code: exitCode })}</span>}</td>
      <td className="tight">{instance.startedAt === null ? '–' : <Ago at={instance.startedAt} />}</td>
      <td>{instance.restarts}</td>
      <td>{cpus === null ? '–' : formats.percent(cpus)}</td>
      <td className="tight">{memoryBytes === null ? '–' : memoryLimitBytes === null ? formats.bytes(memoryBytes) : t('processes.memory-of', { used: formats.bytes(memoryBytes), limit: formats.bytes(memoryLimitBytes) })}</td>
    </tr>
  );
}
