import { isStatusChannel, RedControlError, type ChannelConfig, type MessageChannelConfig, type RedControlEvent } from '@redcontrol/contract';
import type { DaemonContext } from '../../context.ts';
import { databaseSecrets } from '../../environment/index.ts';
import { prepareMask, type PreparedMask } from '../../logs/index.ts';
import { environmentUrl } from '../../projects/environment-url.ts';
import { channelSecret, projectSecrets } from '../../secrets/index.ts';
import { getRun, listRuns, type StoredProject, type StoredRun } from '../../store/index.ts';
import { answerOfFailure, type Answer } from '../channels/answer.ts';
import type { Sending } from '../channels/channel.ts';
import { sendChatWebhook } from '../channels/chat-webhook.ts';
import { sendTelegram } from '../channels/telegram.ts';
import { sendWebhook } from '../channels/webhook.ts';
import { describeEvent } from '../news/describe-event.ts';
import { messageOf, testMessage } from '../news/message.ts';
import { commitStatusOf } from '../statuses/commit-status.ts';
import { sendStatus } from '../statuses/send-status.ts';

/** What sending needs of the daemon. */
export type OutboxContext = Pick<DaemonContext, 'options' | 'store' | 'key' | 'clock' | 'events' | 'log' | 'certificates'>;

/** One try of one message. */
export interface Try {
  project: StoredProject;
  /** Name of the channel. */
  name: string;
  channel: ChannelConfig;
  /** What is told; left out: a test message. */
  event?: RedControlEvent;
  key: string;
  signal: AbortSignal;
}

/** Sends one message and says what came of it, also where it could not be tried. Never throws; the answer is masked. */
export async function sendToChannel(daemon: OutboxContext, given: Try): Promise<Answer> {
  const { project, channel } = given;
  let mask: PreparedMask | undefined;
  try {
    const secret = channel.secret === undefined ? '' : channelSecret(daemon, project.name, channel.secret);
    if (secret === undefined) return { outcome: 'later', text: `the secret ${channel.secret} has no value` };
    mask = maskOf(daemon, project);
    const answer = isStatusChannel(channel) ? await tryStatus(daemon, given, { mask, secret }) : await tryMessage(daemon, { ...given, channel }, { mask, secret });
    return { ...answer, text: mask.maskText(answer.text) };
  } catch (error) {
    // Without a mask nothing was sent yet: what is told is our own error.
    const answer = answerOfFailure(error);
    return { ...answer, text: mask ? mask.maskText(answer.text) : answer.text };
  }
}

/** Hides every secret of the project, of all environments and channels: a message goes to more people than a log. */
function maskOf(daemon: OutboxContext, project: StoredProject): PreparedMask {
  return prepareMask([...projectSecrets(daemon, project.name), ...databaseSecrets(daemon, project.name, Object.keys(project.config.environments))]);
}

async function tryMessage(daemon: OutboxContext, { project, name, channel, event, key, signal }: Try & { channel: MessageChannelConfig }, { mask, secret }: { mask: PreparedMask; secret: string }): Promise<Answer> {
  const now = daemon.clock.now();
  if (!event) return sendMessage(channel, { message: testMessage(project.name, name, channel.language), key, secret, signal, now });
  const news = await describeEvent(daemon, { project, event, mask });
  if (!news) return { outcome: 'refused', text: `nothing to tell of ${event.kind}` };
  const told = news.kind === 'recovered' && !channel.events.includes('recovered') ? { ...news, kind: 'passed' as const } : news;
  return sendMessage(channel, { message: messageOf(told, channel.language, now), news: told, event: event.kind, key, secret, signal, now });
}

async function sendMessage(channel: MessageChannelConfig, sending: Sending): Promise<Answer> {
  switch (channel.kind) {
    case 'telegram': return sendTelegram(channel, sending);
    case 'slack': case 'mattermost': return sendChatWebhook(channel.kind, sending);
    case 'webhook': return sendWebhook(channel, sending);
    // Loaded when first used: it takes memory that servers without mail channels need not give.
    case 'email': return (await import('../channels/email.ts')).sendEmail(channel, sending);
  }
}

async function tryStatus(daemon: OutboxContext, { project, channel, event, signal }: Try, { mask, secret }: { mask: PreparedMask; secret: string }): Promise<Answer> {
  if (!isStatusChannel(channel)) throw new RedControlError('INTERNAL', 'Expected a channel of commit statuses');
  const run = event ? getRun(daemon.store, event.runId ?? 0) : newestJudgingRun(daemon, project);
  if (!run) return { outcome: 'refused', text: event ? 'the run is gone' : 'no run yet whose status could be sent' };
  const deployed = run.status === 'succeeded' ? run.environments.find((name) => project.config.environments[name]) : undefined;
  const status = commitStatusOf(daemon.store, run, {
    context: contextOf(project), language: channel.language, mask, url: deployed === undefined ? undefined : environmentUrl(daemon, project, deployed),
  });
  return sendStatus(channel, { status, repository: project.config.repository, token: secret, signal, now: daemon.clock.now() });
}

/** A test of commit statuses writes that of the newest run again. */
function newestJudgingRun(daemon: OutboxContext, project: StoredProject): StoredRun | undefined {
  return listRuns(daemon.store, { project: project.name, limit: 50 }).find((run) => run.trigger !== 'rollback');
}

/** Where several servers test the same commits each has a status of its own, named by its environments. */
function contextOf({ name, applied: config }: StoredProject): string {
  return Object.keys(config.servers).length > 1 ? `redcontrol/${name}/${Object.keys(config.environments).join('+')}` : `redcontrol/${name}`;
}
