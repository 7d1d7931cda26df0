import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { runOrThrow } from '@redcontrol/system';
import { SMTPServer } from 'smtp-server';

export interface Mail {
  from: string;
  to: string[];
  /** Whether it came over TLS. */
  secure: boolean;
  user: string | undefined;
  headers: Map<string, string>;
  text: string;
}

type Refusal = { at: 'auth' | 'recipient' | 'data'; code: number; text: string };

/** A real SMTP server with STARTTLS and a login, whose certificate this process trusts. `refuseNext` makes it answer errors. */
export async function startMailHost(options: { secure?: boolean; trusted?: boolean } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'redcontrol-mail-'));
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  await runOrThrow('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert]);
  if (options.trusted !== false) setDefaultCACertificates([...getCACertificates('default'), await readFile(cert, 'utf8')]);
  const mails: Mail[] = [];
  const refusals: Refusal[] = [];
  const refusedAt = (at: Refusal['at']) => {
    if (refusals[0]?.at !== at) return undefined;
    const { code, text } = refusals.shift()!;
    return Object.assign(new Error(text), { responseCode: code });
  };
  const server = new SMTPServer({
    key: await readFile(key), cert: await readFile(cert), secure: options.secure ?? false, authOptional: true, logger: false,
    onAuth: ({ username, password }, _session, done) => {
      const refused = refusedAt('auth') ?? (password === 'the-password' ? undefined : Object.assign(new Error('Invalid login'), { responseCode: 535 }));
      if (refused) done(refused);
      else done(null, { user: username ?? '' });
    },
    onRcptTo: (_address, _session, done) => done(refusedAt('recipient') ?? null),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const refused = refusedAt('data');
        if (refused) return done(refused);
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address), secure: session.secure,
          user: typeof session.user === 'string' ? session.user : undefined, ...parseMail(Buffer.concat(chunks)),
        });
        done(null, 'queued as 42');
      });
    },
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    refuseNext: (...next: Refusal[]) => void refusals.push(...next),
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      await rm(directory, { recursive: true });
    },
  };
}

function parseMail(bytes: Buffer): Pick<Mail, 'headers' | 'text'> {
  const raw = bytes.toString('latin1');
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw.slice(0, end).replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  return { headers, text: decodeBody(raw.slice(end + 4), headers.get('content-transfer-encoding') ?? '7bit') };
}

function decodeBody(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1').toString('utf8');
  const unfolded = body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(unfolded, 'latin1').toString('utf8');
}
