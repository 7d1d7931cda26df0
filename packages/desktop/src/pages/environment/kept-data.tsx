import { Button, Group, Modal, Stack, Text, Title } from '@mantine/core';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Result } from '@redcontrol/contract';
import { useDaemon, useDaemonAction } from '../../connection/use-control.ts';
import { ErrorNote, Note } from '../../parts/notes.tsx';
import { Ago } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';

type Kept = Result<'database.kept'>[number];

/** Data that a restore or an upgrade put aside: they take room until somebody removes them. */
export function KeptData({ server, ...owner }: { server: string; project: string; environment: string }) {
  const t = useTranslate();
  const [chosen, setChosen] = useState<Kept>();
  const { data } = useDaemon(server, 'database.kept', owner);
  const kept = data?.result ?? [];
  if (kept.length === 0) return null;
  return (
    <Stack gap="xs" component="section" aria-labelledby="kept-data">
      <Title order={2} id="kept-data">{t('kept')}</Title>
      <Text fz="sm" c="dimmed">{t('kept.help')}</Text>
      <div className="sheet scrolls">
        <table className="facts">
          <thead><tr><th scope="col">{t('database')}</th><th scope="col">{t('kept.volume')}</th><th scope="col">{t('kept.until')}</th><th scope="col"><span className="hidden-text">{t('remove')}</span></th></tr></thead>
          <tbody>
            {kept.map((one) => (
              <tr key={one.volume}>
                <td className="tight">{t(`database.${one.engine}`)} {one.version}</td>
                <td className="mono widest wraps">{one.volume}</td>
                <td className="tight"><Ago at={one.keptAt} /></td>
                <td><Button size="compact-sm" variant="default" leftSection={<Trash2 size={13} aria-hidden />} onClick={() => setChosen(one)} aria-label={t('kept.remove-named', { volume: one.volume })}>{t('remove')}</Button></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {chosen && <ForgetDialog server={server} owner={owner} kept={chosen} onClose={() => setChosen(undefined)} />}
    </Stack>
  );
}

function ForgetDialog({ server, owner, kept: { engine, version, volume }, onClose }: { server: string; owner: { project: string; environment: string }; kept: Kept; onClose: () => void }) {
  const t = useTranslate();
  const forget = useDaemonAction(server, 'database.forget');
  return (
    <Modal opened onClose={onClose} title={t('kept.remove')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <Note tone="warn">{t('kept.sure', { name: `${t(`database.${engine}`)} ${version}` })}</Note>
        <Text fz="sm" className="mono wraps">{volume}</Text>
        {forget.error && <ErrorNote error={forget.error} />}
        <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('cancel')}</Button><Button color="red" loading={forget.isPending} onClick={() => forget.mutate({ ...owner, volume }, { onSuccess: onClose })}>{t('kept.remove')}</Button></Group>
      </Stack>
    </Modal>
  );
}
