import { Button, Group, Text } from '@mantine/core';
import { Send } from 'lucide-react';
import { useDaemonAction } from '../../../connection/use-control.ts';
import { ErrorNote, Note } from '../../../parts/notes.tsx';
import { useTranslate } from '../../../words/language.tsx';
import { useAppliedChannel } from './use-applied-channel.ts';

/** How a channel does on the server, and a real test message with the other side's answer. */
export function ChannelState({ name }: { name: string }) {
  const t = useTranslate();
  const { server, project, channel } = useAppliedChannel(name);
  const test = useDaemonAction(server, 'channel.test');
  if (!channel) return <Text fz="sm" c="dimmed">{t('channels.test-later')}</Text>;
  return (
    <>
      <Group gap="sm">
        <Button variant="default" leftSection={<Send size={15} aria-hidden />} loading={test.isPending} onClick={() => test.mutate({ project, channel: name })}>{t('channels.test')}</Button>
        {channel.state === 'failing' ? <Text fz="sm" c="var(--bad-ink)">{t('channels.state.failing', { error: channel.error ?? '' })}</Text> : <Text fz="sm" c="dimmed">{t(`channels.state.${channel.state}`)}</Text>}
      </Group>
      {test.error && <ErrorNote error={test.error} />}
      {test.data && <Note tone={test.data.delivered ? 'ok' : 'bad'} role="status">{t(test.data.delivered ? 'channels.test-good' : 'channels.test-bad', { answer: test.data.answer })}</Note>}
    </>
  );
}
