import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { useControlAction } from '../../connection/use-control.ts';
import { ErrorNote } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';
import { paths } from '../paths.ts';

/** Opens a redcontrol.yml that is on this computer already. */
export function OpenProjectButton({ icon }: { icon: ReactNode }) {
  const t = useTranslate();
  const go = useNavigate();
  const [isOpen, dialog] = useDisclosure(false);
  const [path, setPath] = useState('');
  const open = useControlAction('projects.open', ['projects.list', 'servers.list']);
  const submit = () => open.mutate({ path: path.trim() }, {
    onSuccess: (project) => {
      dialog.close();
      void go(paths.settings(project.path));
    },
  });
  return (
    <>
      <Button variant="default" leftSection={icon} onClick={dialog.open}>{t('overview.open')}</Button>
      <Modal opened={isOpen} onClose={dialog.close} title={t('overview.open')} closeButtonProps={{ 'aria-label': t('close') }}>
        <form onSubmit={(event) => { event.preventDefault(); submit(); }}>
          <Stack>
            <Text fz="sm">{t('open.text')}</Text>
            <TextInput data-autofocus label={t('open.path')} placeholder="/home/you/shop/redcontrol.yml" value={path} onChange={(event) => setPath(event.currentTarget.value)} required />
            {open.isError && <ErrorNote error={open.error} />}
            <Group justify="flex-end"><Button type="submit" loading={open.isPending} disabled={path.trim() === ''}>{t('open.do')}</Button></Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
