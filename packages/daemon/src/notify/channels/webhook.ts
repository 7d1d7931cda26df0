import { createHmac } from 'node:crypto';
import type { MessageChannelConfig } from '@redcontrol/contract';
import { sendRequest } from '../http/send-request.ts';
import { plainText } from '../news/message.ts';
import { answerOfHttp, type Answer } from './answer.ts';
import type { Sending } from './channel.ts';

/**
 * Sends what happened to a program, signed as Standard Webhooks defines it, so that receivers can use its libraries:
 * HMAC-SHA256 over `id.timestamp.body`. https://www.standardwebhooks.com
 */
export async function sendWebhook({ url }: Extract<MessageChannelConfig, { kind: 'webhook' }>, sending: Sending): Promise<Answer> {
  const { message, news, event, key, secret, signal, now } = sending;
  const timestamp = String(Math.floor(now / 1000));
  const body = JSON.stringify({
    type: event ?? 'channel.test', timestamp: new Date(news?.at ?? now).toISOString(),
    data: { ...news, title: message.title, text: plainText(message) },
  });
  const headers = { 'webhook-id': key, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signatureOf({ id: key, timestamp, body, secret })}` };
  return answerOfHttp(await sendRequest({ url, headers, body, signal }), { now });
}

/** Base64 of the signature. A secret that begins with `whsec_` is base64 of the key, any other is the key itself. */
function signatureOf({ id, timestamp, body, secret }: { id: string; timestamp: string; body: string; secret: string }): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret);
  return createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
}
