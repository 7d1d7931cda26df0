import { gitHostOf, type ChannelConfig, type ChannelState } from '@redcontrol/contract';
import { channelSecretNames } from '../secrets/index.ts';
import { countDeliveries, getChannel, type Store, type StoredProject } from '../store/index.ts';

/** A project's channels as people see them. */
export function channelStates(store: Store, { name: project, config }: StoredProject): ChannelState[] {
  const set = channelSecretNames(store, project);
  return Object.entries(config.channels ?? {}).map(([name, channel]) => {
    const { failures, nextAt, error, sentAt, lost } = getChannel(store, project, name);
    const waiting = countDeliveries(store, project, name);
    const hasSecret = channel.secret === undefined || set.includes(channel.secret);
    return {
      name, kind: channel.kind, target: targetOf(channel, config.repository), secret: channel.secret ?? null,
      state: !hasSecret ? 'no-secret' : failures > 0 || lost > 0 ? 'failing' : waiting > 0 ? 'waiting' : 'ok',
      error, waiting, lost, sentAt, nextTryAt: waiting > 0 ? nextAt : null,
    };
  });
}

function targetOf(channel: ChannelConfig, repository: string): string {
  switch (channel.kind) {
    case 'telegram': return channel.thread === undefined ? channel.chat : `${channel.chat}, topic ${channel.thread}`;
    case 'slack': case 'mattermost': return 'incoming webhook';
    case 'email': return channel.to.join(', ');
    case 'webhook': return channel.url;
    case 'github': case 'gitlab': case 'gitea': case 'forgejo': return channel.repository ?? gitHostOf(repository)?.repository ?? repository;
  }
}
