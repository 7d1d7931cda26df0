import type { MessageChannelConfig } from '@redcontrol/contract';
import { sendRequest } from '../http/send-request.ts';
import { answerOfHttp, type Answer } from './answer.ts';
import type { Sending } from './channel.ts';
import { neutralMentions } from './neutral-mentions.ts';
import type { Message } from '../news/message.ts';

type Telegram = Extract<MessageChannelConfig, { kind: 'telegram' }>;

/** The API's limit is 4096 characters of text without its markup. */
const maxOutputLength = 1500;

/**
 * Sends by a bot: https://core.telegram.org/bots/api#sendmessage. The answer is JSON with `ok`, `description` and, at a
 * limit, `parameters.retry_after` in seconds.
 */
export async function sendTelegram(config: Telegram, { message, secret, signal, now }: Sending): Promise<Answer> {
  const http = await sendRequest({
    url: `${(config.api ?? 'https://api.telegram.org').replace(/\/+$/, '')}/bot${encodeURIComponent(secret).replaceAll('%3A', ':')}/sendMessage`,
    body: JSON.stringify({
      chat_id: config.chat, text: telegramText(message), parse_mode: 'HTML', link_preview_options: { is_disabled: true },
      ...(config.thread === undefined ? {} : { message_thread_id: config.thread }),
    }),
    signal,
  });
  const { description, retryAfterS } = readBody(http.body);
  const answer = answerOfHttp(http, { now, ...(description === undefined ? {} : { said: description }) });
  return answer.outcome === 'later' && retryAfterS !== undefined ? { ...answer, waitMs: retryAfterS * 1000 } : answer;
}

/** Telegram's HTML: only & < > have a meaning. */
function telegramText({ title, lines, output, links, tone }: Message): string {
  const mark = { good: '✅ ', bad: '❌ ', plain: '' }[tone];
  const parts = [
    `${mark}<b>${html(title)}</b>`,
    ...lines.map(html),
    ...(output.length > 0 ? [`<pre>${escapeHtml(output.join('\n').slice(-maxOutputLength))}</pre>`] : []),
    ...links.map(({ text, url }) => `<a href="${escapeHtml(url)}">${escapeHtml(text)}</a>`),
  ];
  return parts.join('\n');
}

function html(text: string): string {
  return escapeHtml(neutralMentions(text));
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function readBody(body: string): { description: string | undefined; retryAfterS: number | undefined } {
  try {
    const answer = JSON.parse(body) as { ok?: unknown; description?: unknown; result?: { message_id?: unknown }; parameters?: { retry_after?: unknown } };
    const after = answer.parameters?.retry_after;
    const said = answer.ok === true ? `message ${String(answer.result?.message_id ?? '')}` : answer.description;
    return { description: typeof said === 'string' ? said : undefined, retryAfterS: typeof after === 'number' && after >= 0 ? after : undefined };
  } catch {
    return { description: undefined, retryAfterS: undefined };
  }
}
