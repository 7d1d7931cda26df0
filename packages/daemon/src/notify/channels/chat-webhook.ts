import { sendRequest } from '../http/send-request.ts';
import type { Message } from '../news/message.ts';
import { answerOfHttp, type Answer } from './answer.ts';
import type { Sending } from './channel.ts';
import { neutralMentions } from './neutral-mentions.ts';

/**
 * Incoming webhooks of Slack and Mattermost: JSON with `text`, whose URL is the secret; the answer is "ok" or a word on
 * what is wrong. https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks,
 * https://developers.mattermost.com/integrate/webhooks/incoming
 */
export async function sendChatWebhook(kind: 'slack' | 'mattermost', { message, secret, signal, now }: Sending): Promise<Answer> {
  if (!/^https?:\/\/[^\s]+$/.test(secret.trim())) return { outcome: 'later', text: 'the secret is not the URL of an incoming webhook' };
  const text = kind === 'slack' ? slackText(message) : mattermostText(message);
  return answerOfHttp(await sendRequest({ url: secret.trim(), body: JSON.stringify({ text }), signal }), { now });
}

/** Slack's mrkdwn: & < > are escaped, and by that no `<!channel>` of a commit calls anybody. */
function slackText({ title, lines, output, links, tone }: Message): string {
  const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  // Signs of formatting in somebody's text would turn the rest bold: a zero-width space keeps them what they are.
  const words = (text: string) => neutralMentions(escape(text)).replace(/[*_~`]/g, '\u200b$&');
  return joined(tone, `*${words(title)}*`, {
    lines: lines.map(words), output: fenced(output.map(escape)), links: links.map(({ text, url }) => `<${escape(url)}|${escape(text).replaceAll('|', '/')}>`),
  });
}

/** Mattermost's Markdown: signs with a meaning get a backslash. */
function mattermostText({ title, lines, output, links, tone }: Message): string {
  const words = (text: string) => neutralMentions(text).replace(/[\\`*_{}[\]()#+!|<>~:-]/g, '\\$&');
  return joined(tone, `**${words(title)}**`, { lines: lines.map(words), output: fenced(output), links: links.map(({ text, url }) => `[${words(text)}](${url})`) });
}

function joined(tone: Message['tone'], title: string, rest: { lines: string[]; output: string[]; links: string[] }): string {
  const mark = { good: ':white_check_mark: ', bad: ':x: ', plain: '' }[tone];
  return [`${mark}${title}`, ...rest.lines, ...rest.output, ...rest.links].join('\n');
}

/** A fence within the output would end ours. */
function fenced(output: readonly string[]): string[] {
  return output.length === 0 ? [] : ['```', ...output.map((line) => line.replaceAll('```', '`\u200b``')), '```'];
}
