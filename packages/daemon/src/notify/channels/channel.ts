import type { RedControlEvent } from '@redcontrol/contract';
import type { Message } from '../news/message.ts';
import type { News } from '../news/news.ts';

/** One message on its way to one channel. */
export interface Sending {
  message: Message;
  /** What it is made of, for receivers that are programs; left out for a test message. */
  news?: News;
  event?: RedControlEvent['kind'];
  /** The same at every try of one message. */
  key: string;
  /** Value of the channel's secret; empty where it has none. */
  secret: string;
  signal: AbortSignal;
  now: number;
}
