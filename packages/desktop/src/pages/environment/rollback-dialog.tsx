import { Button, Group, List, Modal, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { ReleaseRecord } from '@redcontrol/contract';
import { useDaemon, useDaemonAction } from '../../connection/use-control.ts';
import { ErrorNote, Note } from '../../parts/notes.tsx';
import { useFormats } from '../../words/formats.ts';
import { useTranslate } from '../../words/language.tsx';
import { paths } from '../paths.ts';

/** Says what going back does, and what happens to the data: they stay, or those of the backup from before the next migration come back. */
export function RollbackDialog({ server, target, live, onClose }: { server: string; target: ReleaseRecord; live: ReleaseRecord | undefined; onClose: () => void }) {
  const t = useTranslate();
  const go = useNavigate();
  const rollback = useDaemonAction(server, 'release.rollback');
  const { project, environment, number } = target;
  const choices = useDaemon(server, 'release.rollback-choices', { project, environment, release: number });
  const [part, setPart] = useState('app');
  const formats = useFormats();
  const backup = choices.data?.result.backup;
  const submit = () => rollback.mutate({ project, environment, release: number, ...(part === 'data' && backup ? { backup: backup.id } : {}) }, { onSuccess: (run) => void go(paths.run(server, run.project, run.id)) });
  return (
    <Modal opened onClose={onClose} title={t('rollback.title', { environment, number: target.number })} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <List fz="sm" spacing={4}>
          <List.Item>{t('rollback.image', { ref: target.ref, commit: target.commit.slice(0, 8) })}</List.Item>
          <List.Item>{t('rollback.configuration', { revision: target.revision })}</List.Item>
          {live && <List.Item>{t('rollback.until-proven', { number: live.number })}</List.Item>}
        </List>
        {backup && (
          <Radio.Group label={t('rollback.what')} value={part} onChange={setPart}>
            <Stack gap={6} mt={6}><Radio value="app" label={t('rollback.app-only')} /><Radio value="data" label={t('rollback.with-data', { backup: backup.id, moment: formats.moment(backup.createdAt) })} /></Stack>
          </Radio.Group>
        )}
        {part === 'app' || !backup ? <Note tone="warn">{t('rollback.data')}</Note> : (
          <Note tone="bad">
            {t('rollback.lost', { moment: formats.moment(backup.createdAt) })}
            <List fz="sm">{choices.data?.result.changes.map(({ table, before, now }) => <List.Item key={table}>{t('rollback.rows', { table, before, now })}</List.Item>)}</List>
          </Note>
        )}
        {rollback.error && <ErrorNote error={rollback.error} />}
        <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('close')}</Button><Button loading={rollback.isPending} onClick={submit}>{t('rollback.do', { number: target.number })}</Button></Group>
      </Stack>
    </Modal>
  );
}
