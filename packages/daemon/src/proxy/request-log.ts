import { appendFile, chmod, mkdir, rename, rm, stat } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { siteIdPattern } from './check-site.ts';
import { notKept } from './render-backend.ts';

const maxLineBytes = 8 * 1024;
const flushEveryMs = 500;
/** More than this waiting for the disk, and HAProxy is not read any further: it drops its oldest lines itself. */
const maxWaitingBytes = 4 * 1024 * 1024;

/** One request, as HAProxy tells it. Times in ms; -1 where there was none. */
export const requestEntry = z.object({
  at: z.number(),
  site: z.string().transform((backend) => backend.replace(/^site-/, '')),
  server: z.string(),
  status: z.number(),
  totalMs: z.number(),
  waitMs: z.number(),
  bytesIn: z.number(),
  bytesOut: z.number(),
  /** HAProxy's two letters of how it ended: `--` as it should. */
  end: z.string(),
  client: z.string(),
  id: z.string(),
  method: z.string(),
  path: z.string(),
});
export type RequestEntry = z.infer<typeof requestEntry>;

export interface RequestLogOptions {
  /** Unix socket that HAProxy writes to. */
  socket: string;
  /** A file a site: `<site>.log`, one JSON object a line, and the one before it as `<site>.log.1`. */
  directory: string;
  /** Size at which a file becomes `.1`; the older one is then gone. */
  maxFileBytes?: number;
  /** Called with each request of a site, for figures; also with those of sites that keep no log. */
  onRequest?: (entry: RequestEntry) => void;
}

export interface RequestLog {
  close(): Promise<void>;
}

/** Takes HAProxy's lines and keeps them by site, bounded. Does not keep the process alive. */
export async function startRequestLog(options: RequestLogOptions): Promise<RequestLog> {
  const { socket, directory } = options;
  await mkdir(directory, { recursive: true });
  await mkdir(dirname(socket), { recursive: true });
  await rm(socket, { force: true });
  const waiting = new Map<string, string[]>();
  let waitingBytes = 0;
  const connections = new Set<Socket>();

  const take = (line: string) => {
    const entry = parseEntry(line);
    if (!entry) return;
    options.onRequest?.(entry);
    if (entry.path === notKept) return;
    const text = `${JSON.stringify(entry)}\n`;
    const lines = waiting.get(entry.site) ?? [];
    lines.push(text);
    waiting.set(entry.site, lines);
    waitingBytes += text.length;
    if (waitingBytes > maxWaitingBytes) for (const connection of connections) connection.pause();
  };
  let flushing = Promise.resolve();
  const flush = () => {
    flushing = flushing.then(async () => {
      const batch = [...waiting];
      waiting.clear();
      waitingBytes = 0;
      for (const [site, lines] of batch) await appendBounded(join(directory, `${site}.log`), lines.join(''), options.maxFileBytes ?? 10 * 1024 * 1024).catch(() => {});
      for (const connection of connections) connection.resume();
    });
    return flushing;
  };

  const server = createServer((connection) => {
    connections.add(connection);
    connection.unref();
    let rest = '';
    connection.setEncoding('utf8');
    connection.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = (lines.pop() ?? '').slice(0, maxLineBytes);
      for (const line of lines) take(line);
    });
    connection.on('error', () => {});
    connection.once('close', () => connections.delete(connection));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  // HAProxy's worker runs as another user. Who writes here can add lines, no more.
  await chmod(socket, 0o666);
  server.unref();
  const timer = setInterval(() => void flush(), flushEveryMs).unref();
  return {
    async close() {
      clearInterval(timer);
      for (const connection of connections) connection.destroy();
      server.close();
      await flush();
    },
  };
}

/** Site ids name files here, so a line with any other is dropped. */
function parseEntry(line: string): RequestEntry | undefined {
  try {
    const { data } = requestEntry.safeParse(JSON.parse(line));
    return data && siteIdPattern.test(data.site) ? data : undefined;
  } catch {
    return undefined;
  }
}

async function appendBounded(file: string, text: string, maxFileBytes: number): Promise<void> {
  const size = (await stat(file).catch(() => undefined))?.size ?? 0;
  if (size > 0 && size + text.length > maxFileBytes) await rename(file, `${file}.1`);
  await appendFile(file, text, { mode: 0o600 });
}
