import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { RunRecord } from '@redcontrol/contract';
import { startLiveServer, type LiveServer, type LiveServerOptions } from './live-server.ts';

/** A server on which a small web app is live, by a Dockerfile of its own, with a database where one is asked for. */
export interface LiveShop extends LiveServer {
  succeeds(commit: string): Promise<RunRecord>;
  /** The version that production tells, as soon as it answers at all. */
  production(): Promise<string>;
  /** Waits until the commit's run is as wanted, which must be before its end. */
  untilRun(commit: string, wanted: (run: RunRecord) => Promise<boolean>): Promise<void>;
  isChecking(run: RunRecord): Promise<boolean>;
  newestReleaseIs(state: string): () => Promise<boolean>;
  /** One run of the commit, with one verdict, and no container but those of the live version and its database. */
  assertOneEnd(commit: string): Promise<void>;
}

/** Perl, because each base image has it: the server need make no image but those. */
const app = {
  Dockerfile: `ARG RUNTIME
FROM \${RUNTIME}
WORKDIR /app
COPY server.pl version ./
USER 10001:10001
EXPOSE 9000
CMD ["perl", "server.pl"]
`,
  'server.pl': `use strict;
use IO::Socket::INET;
$SIG{TERM} = sub { exit 0 };
open my $file, '<', 'version' or die;
my ($version, $waits) = split ' ', <$file>;
sleep $waits;
my $server = IO::Socket::INET->new(LocalPort => $ENV{PORT}, Listen => 5, ReuseAddr => 1) or die "no socket: $!";
while (my $client = $server->accept) {
    my $request = <$client>;
    print $client "HTTP/1.1 200 OK\\r\\nContent-Length: ", length $version, "\\r\\nConnection: close\\r\\n\\r\\n$version";
    close $client;
}
`,
  'check.sh': 'true\n',
};

/** Change of the version that the app tells, and of the seconds that it takes to start. */
export const version = (name: string, startsInSeconds = 0) => ({ version: `${name} ${startsInSeconds}\n` });

export async function startShop(name: string, environment: Record<string, unknown> = {}, options: LiveServerOptions = {}): Promise<LiveShop> {
  const live = await startLiveServer(name, options);
  const shop: LiveShop = { ...live, ...observations(live) };
  try {
    await live.call('project.apply', {
      config: stringify({
        project: 'shop', repository: `file://${live.repository}`, servers: { main: { host: '127.0.0.1' } }, source: { poll: '2s' }, images: { source: 'debian' },
        framework: 'dockerfile', pipeline: [{ name: 'check', run: 'sh check.sh' }],
        environments: { production: { deploy: { branch: 'main' }, port: 8000, drain: '1s', watch: '8s', ...environment } },
        volumes: { media: '/srv/media' },
      }),
    });
    await shop.succeeds(await live.push({ ...app, ...version('v0') }));
    return shop;
  } catch (error) {
    await live.remove();
    throw error;
  }
}

function observations(live: LiveServer): Omit<LiveShop, keyof LiveServer> {
  return {
    async succeeds(commit) {
      const run = await live.verdict('shop', commit);
      assert.equal(run.status, 'succeeded', JSON.stringify(run));
      return run;
    },
    async production() {
      let last: unknown;
      for (const deadline = Date.now() + 90_000; Date.now() < deadline; await delay(200)) {
        try {
          const response = await fetch(`http://127.0.0.1:${live.server.port(8000)}/`, { signal: AbortSignal.timeout(3000) });
          last = await response.text();
          if (response.status === 200) return String(last);
        } catch (error) {
          last = error;
        }
      }
      throw new Error(`Production does not answer: ${String(last)}\n${await live.out('docker ps -a; journalctl -u redcontrol -n 40 --output cat')}`);
    },
    async untilRun(commit, wanted) {
      for (const deadline = Date.now() + 120_000; ; await delay(100)) {
        const run = (await live.call('run.list', { project: 'shop', limit: 50 })).find((one) => one.commit === commit);
        if (run && (await wanted(run))) return;
        assert.ok(Date.now() < deadline && !run?.finishedAt, `too late: ${JSON.stringify(run)}`);
      }
    },
    isChecking: async (run) => (await live.call('run.show', { run: run.id })).steps.some((step) => step.name === 'check' && step.status === 'running'),
    newestReleaseIs: (state) => async () => (await live.call('release.list', { project: 'shop', environment: 'production', limit: 1 }))[0]?.state === state,
    assertOneEnd: (commit) => assertOneEnd(live, commit),
  };
}

async function assertOneEnd(live: LiveServer, commit: string): Promise<void> {
  assert.equal((await live.call('run.list', { project: 'shop', limit: 100 })).filter((run) => run.commit === commit).length, 1);
  const events = (await live.call('events.list', { after: 0, limit: 1000 })).filter((event) => event.data.commit === commit);
  const verdicts = events.filter((event) => /^run\.(succeeded|failed|recovered|cancelled|superseded)$/.test(event.kind));
  assert.equal(verdicts.length, 1, JSON.stringify(events.map((event) => event.text)));
  const list = (filter: string) => live.out(`docker ps -a --filter label=redcontrol=default ${filter} --format '{{.Names}}'`).then((names) => names.split('\n').filter(Boolean).toSorted());
  for (const deadline = Date.now() + 60_000; ; await delay(500)) {
    const { live: release } = (await live.call('project.show', { project: 'shop' })).environments[0]!;
    const deployed = await list('--filter label=redcontrol.environment=production');
    const stopped = await list('--filter status=exited --filter status=created --filter status=dead');
    if (stopped.length === 0 && deployed.filter((name) => !name.endsWith('--db')).join(' ') === `rc-default-shop--production--r${release?.number}-web-1`) return;
    assert.ok(Date.now() < deadline, `left over: ${deployed.join(', ')}; stopped: ${stopped.join(', ')}`);
  }
}
