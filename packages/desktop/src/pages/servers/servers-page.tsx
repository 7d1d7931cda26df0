import { Anchor, Button, Group, Modal, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Plus, Server } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { serverAddress, type ServerLink } from '@redcontrol/contract';
import { useControl, useControlAction } from '../../connection/use-control.ts';
import { LinkChip } from '../../parts/chips.tsx';
import { Answer, Empty, ErrorNote } from '../../parts/notes.tsx';
import { PageFrame } from '../../parts/page-frame.tsx';
import { Ago } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';
import { paths } from '../paths.ts';
import { Resources } from './resources.tsx';

export function ServersPage() {
  const t = useTranslate();
  const servers = useControl('servers.list', {});
  return (
    <PageFrame title={t('nav.servers')} actions={<AddServer />}>
      <Answer query={servers}>
        {(list) => (list.length === 0 ? <div className="sheet"><Empty title={t('servers.none')} icon={Server}>{t('servers.none-text')}</Empty></div> : (
          <div className="grid-cards">{list.map((server) => <ServerCard key={server.id} server={server} />)}</div>
        ))}
      </Answer>
    </PageFrame>
  );
}

function ServerCard({ server }: { server: ServerLink }) {
  const t = useTranslate();
  return (
    <article className="sheet part" aria-label={server.names[0] ?? server.host}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <div className="wraps"><Anchor component={Link} to={paths.server(server.id)} fw={650}>{server.names.join(', ') || server.host}</Anchor><Text fz="sm" c="dimmed">{server.user}@{server.host}{server.port !== 22 && `:${server.port}`}</Text></div>
          <LinkChip state={server.state} />
        </Group>
        {server.error && <ErrorNote error={server.error} />}
        {server.state !== 'reachable' && server.state !== 'connecting' && <Text fz="sm" c="dimmed">{t('servers.since')} <Ago at={server.since} /></Text>}
        <Resources server={server.id} />
      </Stack>
    </article>
  );
}

function AddServer() {
  const t = useTranslate();
  const [isOpen, dialog] = useDisclosure(false);
  const [host, setHost] = useState('');
  const [user, setUser] = useState('root');
  const [port, setPort] = useState(22);
  const add = useControlAction('servers.add', ['servers.list']);
  const parsed = serverAddress.safeParse({ host, user, port });
  return (
    <>
      <Button leftSection={<Plus size={16} aria-hidden />} onClick={dialog.open}>{t('servers.add')}</Button>
      <Modal opened={isOpen} onClose={dialog.close} title={t('servers.add')} closeButtonProps={{ 'aria-label': t('close') }}>
        <form onSubmit={(event) => { event.preventDefault(); if (parsed.success) add.mutate(parsed.data, { onSuccess: dialog.close }); }}>
          <Stack>
            <Text fz="sm">{t('servers.add-text')}</Text>
            <TextInput data-autofocus label={t('servers.host')} value={host} onChange={(event) => setHost(event.currentTarget.value.trim())} error={host !== '' && !serverAddress.shape.host.safeParse(host).success ? t('servers.host-form') : undefined} />
            <Group grow><TextInput label={t('servers.user')} value={user} onChange={(event) => setUser(event.currentTarget.value)} /><NumberInput label={t('servers.port')} value={port} onChange={(value) => setPort(Number(value))} min={1} max={65_535} hideControls /></Group>
            {add.error && <ErrorNote error={add.error} />}
            <Group justify="flex-end"><Button type="submit" disabled={!parsed.success} loading={add.isPending}>{t('add')}</Button></Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
