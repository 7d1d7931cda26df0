import type { Handlers } from '../handlers.ts';

export const channelMethods: Pick<Handlers, 'channel.test'> = {
  'channel.test': ({ parts, params, signal }) => parts.outbox.test(params.project, params.channel, signal),
};
