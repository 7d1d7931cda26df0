import { Button, Stack } from '@mantine/core';
import { KeyRound } from 'lucide-react';
import type { ServerAddress, ServerLink } from '@redcontrol/contract';
import { useControl, useControlAction } from '../../connection/use-control.ts';
import { CopyField } from '../../parts/copy-field.tsx';
import { ErrorNote } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';

interface Refused {
  address: ServerAddress;
  /** Called when something was done about it. */
  onChange: () => void;
}

/** What can be done from here when a server was not let in to: by the error that told it. */
export function LoginHelp({ error, ...refused }: Refused & { error: { code: string } }) {
  if (error.code === 'SSH_HOST_KEY') return <ChangedKey {...refused} />;
  if (error.code === 'SSH_DENIED') return <KeysToAllow user={refused.address.user ?? 'root'} />;
  return null;
}

/** The address alone of what is known of a server. */
export function addressOf({ host, user, port }: ServerLink): ServerAddress {
  return { host, user, port };
}

function ChangedKey({ address, onChange }: Refused) {
  const t = useTranslate();
  const forget = useControlAction('server.forget-key');
  return (
    <Stack gap={6} mt={8} align="flex-start">
      <span>{t('login.changed-key')}</span>
      <Button size="xs" variant="default" loading={forget.isPending} onClick={() => forget.mutate(address, { onSuccess: onChange })}>{t('login.forget-key')}</Button>
      {forget.error && <ErrorNote error={forget.error} />}
    </Stack>
  );
}

function KeysToAllow({ user }: { user: string }) {
  const t = useTranslate();
  const { data: keys } = useControl('ssh.keys', {});
  const create = useControlAction('ssh.create-key', ['ssh.keys']);
  if (!keys) return null;
  return (
    <Stack gap={6} mt={8}>
      <span>{keys.length > 0 ? t('login.allow-key', { user }) : t('login.no-key')}</span>
      {keys.slice(0, 3).map(({ key, file }) => <CopyField key={key} label={file?.split('/').at(-1) ?? t('people.key')} value={key} />)}
      {keys.length === 0 && <div><Button size="xs" variant="default" leftSection={<KeyRound size={14} aria-hidden />} loading={create.isPending} onClick={() => create.mutate({})}>{t('login.create-key')}</Button></div>}
      {create.error && <ErrorNote error={create.error} />}
    </Stack>
  );
}
