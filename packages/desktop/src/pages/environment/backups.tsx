import { Button, Group, Stack, Text } from '@mantine/core';
import { Archive, Check, CircleDashed, LoaderCircle, ShieldCheck, Undo2, X } from 'lucide-react';
import { useState } from 'react';
import type { BackupRecord, EnvironmentState } from '@redcontrol/contract';
import { useDaemon, useDaemonAction } from '../../connection/use-control.ts';
import { Chip } from '../../parts/chips.tsx';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { Answer, Empty, ErrorLine, ErrorNote } from '../../parts/notes.tsx';
import { Ago, Duration } from '../../parts/time-text.tsx';
import { useFormats } from '../../words/formats.ts';
import { useTranslate } from '../../words/language.tsx';
import { DatabaseUpgrades } from './database-upgrade.tsx';
import { KeptData } from './kept-data.tsx';
import { RestoreDialog } from './restore-dialog.tsx';

const shownBackups = 200;

/** Backups of an environment, which of them somebody has ever restored, and its databases' versions. */
export function Backups({ server, state }: { server: string; state: EnvironmentState }) {
  const { project, name: environment } = state;
  const t = useTranslate();
  const formats = useFormats();
  const list = useDaemon(server, 'backup.list', { project, environment, limit: shownBackups });
  const create = useDaemonAction(server, 'backup.create');
  const verify = useDaemonAction(server, 'backup.verify');
  const [chosen, setChosen] = useState<BackupRecord>();
  const error = create.error ?? verify.error;
  return (
    <Stack gap="md">
      <Group><Button leftSection={<Archive size={15} aria-hidden />} loading={create.isPending} onClick={() => create.mutate({ project, environment })}>{t('backups.make')}</Button></Group>
      {error && <ErrorNote error={error} />}
      <Answer query={list}>
        {({ result }) => {
          if (result.length === 0) return <div className="sheet"><Empty title={t('backups.none')} icon={Archive}>{t('backups.none-text')}</Empty></div>;
          return (
            <div className="sheet scrolls">
              <table className="facts">
                <thead><tr><th scope="col">{t('backups.number')}</th><th scope="col">{t('state')}</th><th scope="col">{t('backups.for')}</th><th scope="col">{t('backups.size')}</th><th scope="col">{t('backups.when')}</th><th scope="col" className="spare">{t('releases.took')}</th><th scope="col"><span className="hidden-text">{t('backups.restore')}</span></th></tr></thead>
                <tbody>
                  {result.map((backup) => (
                    <tr key={backup.id}>
                      <td className="tight">{backup.id}</td>
                      <td><BackupChip backup={backup} /></td>
                      <td className="widest">{backup.release === null ? t(`backups.reason.${backup.reason}`) : t('backups.before-release', { number: backup.release })}{backup.error ? <ErrorLine error={backup.error} /> : backup.proofError && <Text fz="sm" c="var(--bad-ink)" lang="en" className="wraps"><ForeignText text={backup.proofError} /></Text>}</td>
                      <td className="tight">{backup.state === 'ready' && formats.bytes(backup.bytes)}</td>
                      <td className="tight"><Ago at={backup.createdAt} /></td>
                      <td className="tight spare">{backup.finishedAt !== null && <Duration ms={backup.finishedAt - backup.createdAt} />}</td>
                      <td>{backup.state === 'ready' && (
                        <div className="row-actions">
                          <Button size="compact-sm" variant="default" leftSection={<ShieldCheck size={13} aria-hidden />} loading={verify.isPending && verify.variables.backup === backup.id} onClick={() => verify.mutate({ project, backup: backup.id })} aria-label={t('backups.prove-named', { number: backup.id })}>{t('backups.prove')}</Button>
                          <Button size="compact-sm" variant="default" leftSection={<Undo2 size={13} aria-hidden />} onClick={() => setChosen(backup)} aria-label={t('backups.restore-named', { number: backup.id })}>{t('backups.restore')}</Button>
                        </div>
                      )}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          );
        }}
      </Answer>
      <DatabaseUpgrades server={server} state={state} />
      <KeptData server={server} project={project} environment={environment} />
      {chosen && <RestoreDialog server={server} environment={environment} backup={chosen} onClose={() => setChosen(undefined)} />}
    </Stack>
  );
}

/** A backup that nobody has restored is never called good. */
function BackupChip({ backup: { state, proof } }: { backup: BackupRecord }) {
  const t = useTranslate();
  if (state === 'making') return <Chip tone="busy" icon={LoaderCircle} turning>{t('backups.state.making')}</Chip>;
  if (state !== 'ready') return <Chip tone="bad" icon={X}>{t(`backups.state.${state}`)}</Chip>;
  switch (proof) {
    case 'proven': return <Chip tone="ok" icon={Check}>{t('backups.proof.proven')}</Chip>;
    case 'failed': return <Chip tone="bad" icon={X}>{t('backups.proof.failed')}</Chip>;
    case 'unproven': return <Chip tone="warn" icon={CircleDashed}>{t('backups.proof.unproven')}</Chip>;
  }
}
