import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { BackupRecord } from '@redcontrol/contract';
import { useDaemonAction } from '../../connection/use-control.ts';
import { ErrorNote, Note } from '../../parts/notes.tsx';
import { useFormats } from '../../words/formats.ts';
import { useTranslate } from '../../words/language.tsx';

/** Names the point in time and what is lost, and goes on only when the environment's name is typed. */
export function RestoreDialog({ server, environment, backup, onClose }: { server: string; environment: string; backup: BackupRecord; onClose: () => void }) {
  const t = useTranslate();
  const formats = useFormats();
  const [typed, setTyped] = useState('');
  const restore = useDaemonAction(server, 'backup.restore');
  const moment = formats.moment(backup.createdAt);
  const submit = () => restore.mutate({ project: backup.project, backup: backup.id, environment });
  return (
    <Modal opened onClose={onClose} title={t('restore.title', { number: backup.id, environment })} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={(event) => { event.preventDefault(); submit(); }}>
        <Stack>
          <Text fz="sm">{t('restore.point', { environment, moment })} {t('restore.safety')}</Text>
          <Note tone="warn">{t('restore.lost', { moment })}</Note>
          {backup.proof === 'unproven' && <Note tone="warn">{t('restore.unproven')}</Note>}
          {backup.proof === 'failed' && <Note tone="bad">{t('restore.not-restorable')}</Note>}
          <TextInput label={t('restore.type', { environment })} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" spellCheck={false} />
          {restore.error && <ErrorNote error={restore.error} />}
          {restore.data && <Note tone="ok" role="status">{restore.data.safetyBackup === null ? t('restore.done-plain') : t('restore.done', { number: restore.data.safetyBackup })}</Note>}
          <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('close')}</Button><Button type="submit" color="red" loading={restore.isPending} disabled={typed !== environment || restore.isSuccess}>{t('restore.do')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
