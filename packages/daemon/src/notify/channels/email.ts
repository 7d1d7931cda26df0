import { createHash } from 'node:crypto';
import type { MessageChannelConfig } from '@redcontrol/contract';
import { plainText } from '../news/message.ts';
import { plainLine } from '../news/plain-line.ts';
import type { Answer } from './answer.ts';
import type { Sending } from './channel.ts';

type Email = Extract<MessageChannelConfig, { kind: 'email' }>;

const stepTimeoutMs = 15_000;

/**
 * Sends by SMTP. The Message-ID is the same at every try, so that mail servers and readers can tell a repetition.
 * Code 4xx of the other side means later, 5xx never (RFC 5321, 4.2.1), except for the login: a password can be put right.
 */
export async function sendEmail(config: Email, { message, key, secret, signal }: Sending): Promise<Answer> {
  // Loaded when there is mail to send: it takes 3 MB.
  const { createTransport } = await import('nodemailer');
  const security = config.security ?? (config.port === 465 ? 'tls' : 'starttls');
  const transport = createTransport({
    host: config.host.replace(/^\[|\]$/g, ''), port: config.port, secure: security === 'tls', requireTLS: security === 'starttls', ignoreTLS: security === 'none',
    ...(config.user === undefined ? {} : { auth: { user: config.user, pass: secret } }),
    connectionTimeout: stepTimeoutMs, greetingTimeout: stepTimeoutMs, socketTimeout: stepTimeoutMs,
    disableFileAccess: true, disableUrlAccess: true,
  });
  const stop = () => transport.close();
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      stop();
      reject(signal.reason);
    }, { once: true });
  });
  aborted.catch(() => {});
  try {
    const sent = transport.sendMail({
      from: config.from, to: config.to, subject: message.title, text: `${plainText(message)}\n`, messageId: messageId(key, config.from),
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    const { response, rejected } = await Promise.race([sent, aborted]);
    const notTo = rejected.length > 0 ? `; not taken for ${rejected.join(', ')}` : '';
    return { outcome: 'delivered', text: plainLine(`${response}${notTo}`, 200) };
  } catch (error) {
    if (!(error instanceof Error) || !('responseCode' in error) || typeof error.responseCode !== 'number') throw error;
    const isLogin = 'code' in error && error.code === 'EAUTH';
    return { outcome: error.responseCode >= 500 && !isLogin ? 'refused' : 'later', text: plainLine('response' in error ? String(error.response) : error.message, 200) };
  } finally {
    stop();
  }
}

function messageId(key: string, from: string): string {
  return `<${createHash('sha256').update(key).digest('hex').slice(0, 32)}@${from.split('@')[1] ?? 'localhost'}>`;
}
