import { Button, Group, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { HardDriveDownload } from 'lucide-react';
import { RedControlError } from '@redcontrol/contract';
import type { ControlConnection } from '../../connection/control-connection.ts';
import { callDaemon, useConnection } from '../../connection/use-control.ts';
import { ErrorNote, Note } from '../../parts/notes.tsx';
import { useFormats } from '../../words/formats.ts';
import { useTranslate } from '../../words/language.tsx';

/** The server's own state as an encrypted file, which the browser saves. */
export function SaveState({ server }: { server: string }) {
  const t = useTranslate();
  const formats = useFormats();
  const connection = useConnection();
  const save = useMutation<SavedState, RedControlError>({ mutationFn: () => fetchState(connection, server), onSuccess: ({ file, name }) => offerFile(file, name) });
  return (
    <section className="sheet part" aria-label={t('server-state')}>
      <Group justify="space-between" mb="xs"><Title order={2}>{t('server-state')}</Title><Button variant="default" leftSection={<HardDriveDownload size={15} aria-hidden />} loading={save.isPending} onClick={() => save.mutate()}>{t('server-state.save')}</Button></Group>
      <Text fz="sm">{t('server-state.text')}</Text>
      <Text fz="sm" c="dimmed">{t('server-state.key')}</Text>
      {save.error && <ErrorNote error={save.error} />}
      {save.data && <Note tone="ok" role="status">{t('server-state.saved', { name: save.data.name, size: formats.bytes(save.data.file.size) })}</Note>}
    </section>
  );
}

interface SavedState {
  file: Blob;
  name: string;
}

async function fetchState(connection: ControlConnection, server: string): Promise<SavedState> {
  const { archive, bytes, sha256, hostname } = (await callDaemon(connection, { server, method: 'server.backup', params: {} })).result;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let offset = 0; offset < bytes; ) {
    const { data } = (await callDaemon(connection, { server, method: 'server.backup-read', params: { archive, offset } })).result;
    const part = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    if (part.length === 0) break;
    parts.push(part);
    offset += part.length;
  }
  const file = new Blob(parts, { type: 'application/octet-stream' });
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  const found = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  if (found !== sha256) throw new RedControlError('BACKUP_CORRUPT', `Expected the file to arrive with the SHA-256 ${sha256}, got ${found}`, { hint: 'Try again.' });
  return { file, name: `${hostname.replaceAll(/[^A-Za-z0-9.-]/g, '-')}-state.tar.age` };
}

function offerFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
