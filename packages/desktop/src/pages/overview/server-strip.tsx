import { Anchor, Group, Text } from '@mantine/core';
import { Cpu, HardDrive, ListOrdered, MemoryStick, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { ServerLink } from '@redcontrol/contract';
import { useDaemon } from '../../connection/use-control.ts';
import { LinkChip } from '../../parts/chips.tsx';
import { useFormats } from '../../words/formats.ts';
import { useTranslate } from '../../words/language.tsx';
import { paths } from '../paths.ts';

const lookEveryMs = 5_000;

/** A server in one line: reachable or not, load, memory, disk, and how many runs wait. */
export function ServerStrip({ server }: { server: ServerLink }) {
  const t = useTranslate();
  const formats = useFormats();
  const state = useDaemon(server.id, 'server.state', {}, { refetchInterval: lookEveryMs }).data?.result;
  const queued = useDaemon(server.id, 'project.list', {}).data?.result.reduce((sum, { queuedRuns }) => sum + queuedRuns, 0);
  return (
    <Group gap="md" fz="sm">
      {state && (
        <>
          <Figure icon={Cpu} label={t('server.load')}>{formats.number(state.loadAverage)} / {state.cpus}</Figure>
          <Figure icon={MemoryStick} label={t('server.memory-free')}>{formats.bytes(state.memoryFreeBytes)}</Figure>
          <Figure icon={HardDrive} label={t('server.disk-free')}>{formats.bytes(state.diskFreeBytes)}</Figure>
        </>
      )}
      {queued !== undefined && <Figure icon={ListOrdered} label={t('server.queue')}>{t('count.queued', { count: queued })}</Figure>}
      <LinkChip state={server.state} />
      <Anchor component={Link} to={paths.server(server.id)} fz="sm">{t('details')}<span className="hidden-text"> {server.host}</span></Anchor>
    </Group>
  );
}

function Figure({ icon: Icon, label, children }: { icon: LucideIcon; label: string; children: ReactNode }) {
  return (
    <Group gap={5} wrap="nowrap" title={label}>
      <Icon size={15} aria-hidden />
      <span className="hidden-text">{label}: </span>
      <Text component="span" fz="sm">{children}</Text>
    </Group>
  );
}
