import { Button, Code, Group, Stack } from '@mantine/core';
import { ShieldQuestion } from 'lucide-react';
import type { ServerAddress } from '@redcontrol/contract';
import { useControlAction } from '../../connection/use-control.ts';
import { useConfigEditor } from '../../editor/editor-context.tsx';
import { listAt, mapAt } from '../../editor/read-data.ts';
import { ErrorNote, Note } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';
import { LoginHelp } from '../servers/login-help.tsx';
import { Findings } from './server-findings.tsx';

/** First the host key, which a person has to confirm; then everything else about the server in one list. */
export function ServerCheck({ address }: { address: ServerAddress }) {
  const t = useTranslate();
  const domains = useDomains();
  const fingerprint = useControlAction('server.fingerprint');
  const trust = useControlAction('server.trust');
  const check = useControlAction('server.check');
  const look = () => check.mutate({ ...address, domains });
  const start = () => {
    check.reset();
    trust.reset();
    fingerprint.mutate(address, { onSuccess: ({ known }) => known && look() });
  };
  const keys = fingerprint.data?.known === false && !trust.isSuccess ? fingerprint.data.keys : [];
  const error = fingerprint.error ?? trust.error ?? check.error;
  return (
    <Stack gap="sm" mt="md">
      <Group><Button variant="light" loading={fingerprint.isPending || check.isPending} onClick={start}>{t('check.do')}</Button></Group>
      {keys.length > 0 && (
        <Note tone="warn" icon={ShieldQuestion}>
          <strong>{t('check.unknown-key')}</strong>
          <div>{t('check.compare')}</div>
          <Stack gap={6} mt={8} align="flex-start">
            {keys.map((key) => (
              <Group key={key.fingerprint} gap="sm">
                <Code>{key.fingerprint}</Code><span>{key.type}</span>
                <Button size="compact-sm" variant="default" loading={trust.isPending} onClick={() => trust.mutate({ ...address, fingerprint: key.fingerprint }, { onSuccess: look })}>{t('check.is-right')}</Button>
              </Group>
            ))}
          </Stack>
        </Note>
      )}
      {error && <ErrorNote error={error} onRetry={start}><LoginHelp error={error} address={address} onChange={start} /></ErrorNote>}
      {check.data && <Findings findings={check.data} />}
    </Stack>
  );
}

function useDomains(): string[] {
  const { data } = useConfigEditor();
  return Object.keys(mapAt(data, ['environments'])).flatMap((name) => listAt(data, ['environments', name, 'domain'])).filter((domain): domain is string => typeof domain === 'string' && domain !== '');
}
