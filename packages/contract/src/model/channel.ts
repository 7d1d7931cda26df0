import * as z from 'zod';

/**
 * ok: the last message arrived, or none was sent yet. waiting: a message is on its way for the first time.
 * failing: the other side does not take messages; they wait. no-secret: its secret has no value.
 */
export const channelStates = ['ok', 'waiting', 'failing', 'no-secret'] as const;

/** A channel as people see it; nothing of it is secret. */
export const channelState = z.object({
  name: z.string(),
  kind: z.string(),
  /** Where messages go, for people: a chat, addresses, a host. */
  target: z.string(),
  /** Name of its secret; null where it needs none. */
  secret: z.string().nullable(),
  state: z.enum(channelStates),
  /** What the other side said when it last refused. */
  error: z.string().nullable(),
  /** Messages that wait to be sent. */
  waiting: z.int(),
  /** Messages that were given up since the last one that arrived. */
  lost: z.int(),
  sentAt: z.int().nullable(),
  nextTryAt: z.int().nullable(),
});

/** What a test message led to. */
export const channelTest = z.object({
  delivered: z.boolean(),
  /** The other side's answer in short, or why there was none. */
  answer: z.string(),
  milliseconds: z.int(),
});

export type ChannelState = z.infer<typeof channelState>;
export type ChannelTest = z.infer<typeof channelTest>;

/** Where the secrets of channels are kept among those of the environments: no environment can have this name. */
export const channelSecretPlace = '@channels';
