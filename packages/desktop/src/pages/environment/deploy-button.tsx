import { Autocomplete, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Rocket } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useDaemon, useDaemonAction } from '../../connection/use-control.ts';
import { ErrorNote } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';
import { paths } from '../paths.ts';

const offeredRuns = 50;

/** Deploys a branch, tag or commit by hand, through the whole pipeline. */
export function DeployButton({ server, project, environment }: { server: string; project: string; environment: string }) {
  const t = useTranslate();
  const go = useNavigate();
  const [isOpen, dialog] = useDisclosure(false);
  const [ref, setRef] = useState('');
  const deploy = useDaemonAction(server, 'deploy');
  const runs = useDaemon(server, 'run.list', { project, limit: offeredRuns }, { enabled: isOpen });
  const refs = [...new Set(runs.data?.result.map((run) => run.ref) ?? [])];
  const submit = () => deploy.mutate({ project, environment, ref: ref.trim() }, { onSuccess: (run) => void go(paths.run(server, run.project, run.id)) });
  return (
    <>
      <Button leftSection={<Rocket size={15} aria-hidden />} onClick={dialog.open}>{t('deploy')}</Button>
      <Modal opened={isOpen} onClose={dialog.close} title={t('deploy.title', { environment })} closeButtonProps={{ 'aria-label': t('close') }}>
        <form onSubmit={(event) => { event.preventDefault(); submit(); }}>
          <Stack>
            <Text fz="sm">{t('deploy.text')}</Text>
            <Autocomplete data-autofocus label={t('deploy.ref')} data={refs} value={ref} onChange={setRef} maxLength={200} />
            {deploy.error && <ErrorNote error={deploy.error} />}
            <Group justify="flex-end"><Button type="submit" loading={deploy.isPending} disabled={ref.trim() === ''}>{t('deploy')}</Button></Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
