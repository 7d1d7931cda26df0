import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Construction } from 'lucide-react';
import { useState } from 'react';
import type { EnvironmentState } from '@redcontrol/contract';
import { useDaemonAction } from '../../connection/use-control.ts';
import { ErrorNote, Note } from '../../parts/notes.tsx';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { Ago } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';

interface Props {
  server: string;
  state: EnvironmentState;
}

/** Shows visitors a maintenance page, or ends that. Missing where the daemon cannot. */
export function MaintenanceButton({ server, state }: Props) {
  const t = useTranslate();
  const [isOpen, dialog] = useDisclosure(false);
  const end = useDaemonAction(server, 'maintenance.end');
  if (state.maintenance === undefined) return null;
  return (
    <>
      {end.error && <ErrorNote error={end.error} />}
      {state.maintenance
        ? <Button leftSection={<Construction size={15} aria-hidden />} loading={end.isPending} onClick={() => end.mutate({ project: state.project, environment: state.name })}>{t('maintenance.end')}</Button>
        : <Button variant="default" leftSection={<Construction size={15} aria-hidden />} onClick={dialog.open}>{t('maintenance.do')}</Button>}
      <Modal opened={isOpen} onClose={dialog.close} title={t('maintenance.title', { environment: state.name })} closeButtonProps={{ 'aria-label': t('close') }}>
        <MaintenanceForm server={server} state={state} onDone={dialog.close} />
      </Modal>
    </>
  );
}

function MaintenanceForm({ server, state, onDone }: Props & { onDone: () => void }) {
  const t = useTranslate();
  const start = useDaemonAction(server, 'maintenance.start');
  const [message, setMessage] = useState('');
  const [addresses, setAddresses] = useState('');
  const [letMeIn, setLetMeIn] = useState(false);
  const submit = () => {
    const letIn = addresses.split(/[\s,]+/).filter((address) => address !== '');
    start.mutate({ project: state.project, environment: state.name, letIn, letMeIn, ...(message.trim() === '' ? {} : { message: message.trim() }) }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <Stack>
        <Text fz="sm">{t('maintenance.help')}</Text>
        <TextInput data-autofocus label={t('maintenance.message')} description={t('maintenance.message-help')} value={message} onChange={(event) => setMessage(event.currentTarget.value)} maxLength={500} />
        <TextInput label={t('maintenance.let-in')} description={t('maintenance.let-in-help')} value={addresses} onChange={(event) => setAddresses(event.currentTarget.value)} maxLength={2000} />
        <Checkbox label={t('maintenance.let-me-in')} checked={letMeIn} onChange={(event) => setLetMeIn(event.currentTarget.checked)} />
        {start.error && <ErrorNote error={start.error} />}
        <Group justify="flex-end"><Button type="submit" loading={start.isPending}>{t('maintenance.start')}</Button></Group>
      </Stack>
    </form>
  );
}

export function MaintenanceNote({ state: { maintenance } }: { state: EnvironmentState }) {
  const t = useTranslate();
  if (!maintenance) return null;
  const { by, at, message, letIn } = maintenance;
  return (
    <Note tone="warn" icon={Construction} role="status">
      <strong>{t('maintenance.on')}</strong> <ForeignText text={by} /> · <Ago at={at} />
      {message !== null && <div><ForeignText text={message} /></div>}
      {letIn.length > 0 && <div>{t('maintenance.shown-to-others', { addresses: letIn.join(', ') })}</div>}
    </Note>
  );
}
