import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { ArrowUp } from 'lucide-react';
import { useState } from 'react';
import type { DatabaseState, EnvironmentState } from '@redcontrol/contract';
import { useDaemon, useDaemonAction } from '../../connection/use-control.ts';
import { ErrorNote, Note } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';

interface Place {
  server: string;
  state: EnvironmentState;
}

type Role = 'database' | 'redis';

/** Brings an environment's databases to newer versions that the server can get; nothing where there is none. */
export function DatabaseUpgrades({ server, state }: Place) {
  const roles = (['database', 'redis'] as const).flatMap((role) => (state[role] ? [{ role, database: state[role] }] : []));
  return roles.map(({ role, database }) => <Upgrade key={role} server={server} state={state} role={role} database={database} />);
}

function Upgrade({ server, state, role, database: { engine, version } }: Place & { role: Role; database: DatabaseState }) {
  const t = useTranslate();
  const [chosen, setChosen] = useState<string | null>(null);
  const [asked, setAsked] = useState<string>();
  const offers = useDaemon(server, 'server.databases', {});
  const newer = (offers.data?.result.find((offer) => offer.engine === engine)?.versions ?? []).filter((one) => isNewer(one, version));
  const name = `${t(`database.${engine}`)} ${version}`;
  return (
    <section className="sheet part" aria-label={t('upgrade.of', { name })}>
      <Group justify="space-between" align="center">
        <div><strong>{name}</strong>{offers.data && newer.length === 0 && <Text fz="sm" c="dimmed">{t('upgrade.newest')}</Text>}</div>
        {newer.length > 0 && (
          <Group gap="xs">
            <Select size="xs" w={130} aria-label={t('upgrade.to', { name })} placeholder={t('upgrade.choose')} data={newer} value={chosen} onChange={setChosen} />
            <Button size="xs" variant="default" leftSection={<ArrowUp size={14} aria-hidden />} disabled={chosen === null} onClick={() => setAsked(chosen ?? undefined)}>{t('upgrade.do')}</Button>
          </Group>
        )}
      </Group>
      {asked !== undefined && <UpgradeDialog server={server} state={state} role={role} name={name} to={asked} onClose={() => { setAsked(undefined); setChosen(null); }} />}
    </section>
  );
}

/** Says what it means for the app meanwhile, and goes on only when the environment's name is typed. */
function UpgradeDialog({ server, state: { project, name: environment }, role, name, to, onClose }: Place & { role: Role; name: string; to: string; onClose: () => void }) {
  const t = useTranslate();
  const [typed, setTyped] = useState('');
  const upgrade = useDaemonAction(server, 'database.upgrade');
  return (
    <Modal opened onClose={onClose} title={t('upgrade.title', { name, version: to, environment })} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={(event) => { event.preventDefault(); upgrade.mutate({ project, environment, role, to }); }}>
        <Stack>
          <Text fz="sm">{t('upgrade.way')}</Text>
          <Note tone="warn">{t('upgrade.meanwhile')}</Note>
          <TextInput label={t('restore.type', { environment })} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" spellCheck={false} />
          {upgrade.error && <ErrorNote error={upgrade.error} />}
          {upgrade.data && <Note tone="ok" role="status">{t('upgrade.done', { from: upgrade.data.from, to: upgrade.data.to, backup: upgrade.data.backup })}</Note>}
          <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('close')}</Button><Button type="submit" color="red" loading={upgrade.isPending} disabled={typed !== environment || upgrade.isSuccess}>{t('upgrade.do')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

function isNewer(one: string, other: string): boolean {
  const [own, now] = [one, other].map((version) => version.split('.').map(Number));
  for (const [at, part] of own!.entries()) if (part !== (now![at] ?? 0)) return part > (now![at] ?? 0);
  return false;
}
