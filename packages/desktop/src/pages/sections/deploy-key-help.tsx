import { Button, Group, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { callDaemon, useConnection, useControl } from '../../connection/use-control.ts';
import { CopyField } from '../../parts/copy-field.tsx';
import { ErrorNote, Note } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';

const waitMs = 5_000;

/** The server reads the repository with a key of its own: shows it, and waits until the git host accepts it. */
export function DeployKeyHelp({ repository, project }: { repository: string; project: string }) {
  const t = useTranslate();
  const connection = useConnection();
  const { data: servers = [] } = useControl('servers.list', {});
  const reachable = servers.filter(({ state, role }) => state === 'reachable' && role === 'admin');
  const [chosen, setChosen] = useState<string | null>(null);
  const [isAsked, setAsked] = useState(false);
  const server = chosen ?? reachable[0]?.id;
  const key = useQuery({
    queryKey: ['daemon', server, 'source.inspect', { repository, project }],
    queryFn: ({ signal }) => callDaemon(connection, { server: server!, method: 'source.inspect', params: { repository, ...(project === '' ? {} : { project }) }, signal }),
    enabled: isAsked && server !== undefined, retry: false,
    refetchInterval: (query) => (query.state.data ? false : waitMs),
  });
  if (reachable.length === 0) return <Note tone="busy">{t('deploy-key.later')}</Note>;
  return (
    <Note tone="busy">
      <Stack gap={8}>
        <span>{t('deploy-key.text')}</span>
        <Group align="end">
          {reachable.length > 1 && <Select size="xs" label={t('server')} data={reachable.map(({ id, names, host }) => ({ value: id, label: names[0] ?? host }))} value={server ?? null} onChange={setChosen} />}
          <Button size="xs" variant="default" loading={key.isFetching && !key.data} onClick={() => setAsked(true)}>{t('deploy-key.ask')}</Button>
        </Group>
        {key.data && <><strong>{t('deploy-key.works')}</strong><CopyField label={t('deploy-key')} value={key.data.result.deployKey} /></>}
        {key.isError && <ErrorNote error={key.error} />}
      </Stack>
    </Note>
  );
}
