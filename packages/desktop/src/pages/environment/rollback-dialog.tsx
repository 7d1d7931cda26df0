import { Button, Group, List, Modal, Stack } from '@mantine/core';
import { useNavigate } from 'react-router';
import type { ReleaseRecord } from '@redcontrol/contract';
import { useDaemonAction } from '../../connection/use-control.ts';
import { ErrorNote, Note } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';
import { paths } from '../paths.ts';

/** Says what going back does, and above all what it does not: the data stays as it is. */
export function RollbackDialog({ server, target, live, onClose }: { server: string; target: ReleaseRecord; live: ReleaseRecord | undefined; onClose: () => void }) {
  const t = useTranslate();
  const go = useNavigate();
  const rollback = useDaemonAction(server, 'release.rollback');
  const { project, environment, number } = target;
  const submit = () => rollback.mutate({ project, environment, release: number }, { onSuccess: (run) => void go(paths.run(server, run.project, run.id)) });
  return (
    <Modal opened onClose={onClose} title={t('rollback.title', { environment, number: target.number })} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <List fz="sm" spacing={4}>
          <List.Item>{t('rollback.image', { ref: target.ref, commit: target.commit.slice(0, 8) })}</List.Item>
          <List.Item>{t('rollback.configuration', { revision: target.revision })}</List.Item>
          {live && <List.Item>{t('rollback.until-proven', { number: live.number })}</List.Item>}
        </List>
        <Note tone="warn">{t('rollback.data')}</Note>
        {rollback.error && <ErrorNote error={rollback.error} />}
        <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('close')}</Button><Button loading={rollback.isPending} onClick={submit}>{t('rollback.do', { number: target.number })}</Button></Group>
      </Stack>
    </Modal>
  );
}
