import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface LoadResult {
  sent: number;
  /** Requests without the answer 200 and a body. */
  lost: string[];
  /** By who answered. */
  answers: Record<string, number>;
  p50Ms: number;
  p99Ms: number;
}

export interface LoadOptions {
  port: number;
  host: string;
  path?: string;
  keepAlivePerSecond: number;
  newPerSecond: number;
}

/** Steady load on loopback until stop(), by connections that are kept and by new ones. A failed request is never repeated. */
export function startLoad(options: LoadOptions): { stop(): Promise<LoadResult> } {
  const agent = new Agent({ keepAlive: true, maxSockets: 40 });
  const result = { sent: 0, lost: [] as string[], answers: {} as Record<string, number> };
  const took: number[] = [];
  const open = new Set<Promise<void>>();
  const send = (kept: boolean) => {
    result.sent += 1;
    const began = performance.now();
    const one = ask({ ...options, agent: kept ? agent : false }).then(
      (answer) => {
        took.push(performance.now() - began);
        if (answer.status === 200 && answer.body !== '') result.answers[answer.body] = (result.answers[answer.body] ?? 0) + 1;
        else result.lost.push(`${answer.status} ${answer.body.slice(0, 100)}`);
      },
      (error: Error) => void result.lost.push(`${kept ? 'kept' : 'new'}: ${error.message}`),
    );
    open.add(one);
    void one.finally(() => open.delete(one));
  };
  const began = performance.now();
  let kept = 0;
  let fresh = 0;
  // Catches up after a slow moment, so that the rate is what was asked for.
  let ended: Promise<LoadResult> | undefined;
  const timer = setInterval(() => {
    const seconds = (performance.now() - began) / 1000;
    for (; kept < seconds * options.keepAlivePerSecond; kept += 1) send(true);
    for (; fresh < seconds * options.newPerSecond; fresh += 1) send(false);
  }, 5);
  const end = async (): Promise<LoadResult> => {
    clearInterval(timer);
    await Promise.race([Promise.all(open), delay(15_000, undefined, { ref: false })]);
    for (const _ of open) result.lost.push('no answer within 15 s');
    agent.destroy();
    took.sort((a, b) => a - b);
    const at = (share: number) => Math.round((took[Math.floor(took.length * share)] ?? 0) * 10) / 10;
    return { ...result, p50Ms: at(0.5), p99Ms: at(0.99) };
  };
  return { stop: () => (ended ??= end()) };
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  bytes: Buffer;
}

/** One request with a Host of choice. */
export function ask(options: { port: number; host: string; path?: string; method?: string; headers?: Record<string, string>; body?: string; agent?: Agent | false }): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: options.port, path: options.path ?? '/', method: options.method ?? 'GET', agent: options.agent ?? false, headers: { host: options.host, ...options.headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes.toString('utf8'), bytes });
        });
        response.once('error', reject);
      },
    );
    sent.once('error', reject);
    sent.end(options.body);
  });
}
