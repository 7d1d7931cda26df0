import { Group } from '@mantine/core';
import { WifiOff } from 'lucide-react';
import { useControl } from '../connection/use-control.ts';
import { Note } from '../parts/notes.tsx';
import { Ago } from '../parts/time-text.tsx';
import { useTranslate } from '../words/language.tsx';

/** Says of each server out of reach since when what is shown of it is old. */
export function OldDataNotes() {
  const t = useTranslate();
  const { data: servers = [] } = useControl('servers.list', {});
  return servers.filter(({ state }) => state === 'unreachable').map(({ id, names, host, since, error }) => (
    <Note key={id} tone="warn" icon={WifiOff} role="status">
      <Group gap={6}>
        <strong>{t('old.title', { server: names[0] ?? host })}</strong>
        <span>{t('old.since')} <Ago at={since} /></span>
      </Group>
      {error && <div>{t(`error.${error.code}`)}</div>}
    </Note>
  ));
}
