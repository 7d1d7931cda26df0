import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InvalidArgumentError, type Command } from 'commander';
import { asRedControlError, RedControlError } from '@redcontrol/contract';
import type { CommandContext } from '../cli/command-context.ts';
import type { Bind } from '../program.ts';
import { answerRequest } from '../serve/answer-request.ts';
import { branchStates, type BranchState } from '../serve/branch-state.ts';
import { leaveServers, meetServers } from '../servers/find-project.ts';

/** How long an answer of the servers is good for: readers ask every few seconds, and there may be several. */
const freshMs = 5_000;
const readRuns = 200;

export function defineServe(program: Command, bind: Bind): void {
  program.command('serve')
    .description('serve cctray.xml and status badges to this machine, until Ctrl-C')
    .option('--port <port>', 'port on 127.0.0.1; 0: a free one', portNumber, 8479)
    .action(bind(serve));
}

async function serve(context: CommandContext, { port }: { port: number }): Promise<void> {
  // Only here: it takes 20 MB, which the background does without.
  const { createServer } = await import('node:http');
  const branches = keptFor(freshMs, context.cli.now, () => readBranches(context));
  const server = createServer((request, response) => {
    void answerRequest({ method: request.method ?? '', url: request.url ?? '/', host: request.headers.host ?? '' }, branches)
      .catch((thrown: unknown) => ({ status: 502, type: 'text/plain; charset=utf-8', body: `${asRedControlError(thrown).message}\n` }))
      .then(({ status, type, body }) => {
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' });
        response.end(request.method === 'HEAD' ? undefined : body);
      });
  });
  const url = await listen(server, port);
  context.print(`${url}/cctray.xml`);
  await new Promise<void>((resolve) => (context.signal.aborted ? resolve() : context.signal.addEventListener('abort', () => resolve(), { once: true })));
  server.closeAllConnections();
  server.close();
}

async function readBranches(context: CommandContext): Promise<BranchState[]> {
  const met = await meetServers(context);
  try {
    const each = await Promise.all(met.map(async (one) => {
      if ('error' in one) throw one.error;
      return Promise.all(one.projects.map(async (project) => branchStates(project, await one.client.call('run.list', { project: project.name, limit: readRuns }, { signal: context.signal }))));
    }));
    return each.flat(2);
  } finally {
    await leaveServers(met);
  }
}

/** One question at a time, and its answer for all who ask within `ms`. An error is not kept. */
function keptFor<T>(ms: number, now: () => number, read: () => Promise<T>): () => Promise<T> {
  let kept: { at: number; answer: Promise<T> } | undefined;
  return () => {
    if (kept && now() - kept.at >= 0 && now() - kept.at < ms) return kept.answer;
    const answer = read();
    kept = { at: now(), answer };
    answer.catch(() => (kept = undefined));
    return answer;
  };
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(new RedControlError('CONFLICT', `Expected to serve on 127.0.0.1 port ${port}, got ${cause.message}`, { cause, hint: 'Choose another with --port.' })));
    server.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('Expected a port.');
  return Number(text);
}
