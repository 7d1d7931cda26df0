import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MethodName, Params, Result, RunRecord } from '@redcontrol/contract';
import { runOrThrow, systemClock } from '@redcontrol/system';
import { bundle } from '../../scripts/bundle.ts';
import { connectDaemon } from '../../packages/client/src/connect-daemon.ts';
import type { DaemonClient } from '../../packages/client/src/daemon-client.ts';
import { applyInstall, inspectServer, planInstall } from '../../packages/control/src/install/index.ts';
import { wantedInstall } from '../../packages/control/src/apply/wanted-install.ts';
import { serverMirrors } from '../../packages/daemon/src/images/debian/apt-sources.ts';
import { docker } from '../server/docker.ts';
import type { Suite } from '../server/server-image.ts';
import { startTestServer, type TestServer } from '../server/start-test-server.ts';

/** A server of its own with systemd and an engine inside, on which RedControl is installed, and a repository on it. */
export interface LiveServer {
  server: TestServer;
  /** As git on the server knows it. */
  repository: string;
  /** Runs a script there as root and answers its output; an exit code other than 0 is a failure of the test. */
  out(script: string): Promise<string>;
  /** Over a connection of its own, which a restart before it does not touch. */
  call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>>;
  push(files: Record<string, string>): Promise<string>;
  verdict(project: string, commit: string): Promise<RunRecord>;
  remove(): Promise<void>;
}

const repository = '/srv/git/shop.git';
/** The first run may have to make the base images. */
const verdictWithinMs = 900_000;

export interface LiveServerOptions {
  suite?: Suite;
  /** none: the server makes its base images itself. */
  images?: 'copied' | 'none';
  /** How it is installed: as root, or by a user who may use sudo. */
  login?: 'root' | 'sudo';
  beforeInstall?: (server: TestServer) => Promise<void>;
}

export async function startLiveServer(name: string, { suite = 'bookworm', images = 'copied', login = 'root', beforeInstall }: LiveServerOptions = {}): Promise<LiveServer> {
  const folder = await mkdtemp(join(tmpdir(), 'redcontrol-live-'));
  const bundles = await bundle(join(folder, 'dist'));
  const daemon = bundles.find((one) => one.name === 'redcontrol-daemon')?.path;
  const server = await startTestServer({ suite, instance: `test-${name}-${randomBytes(3).toString('hex')}` });
  const remove = async () => {
    await server.remove();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    if (suite === 'bookworm') await takeMirrors(server);
    await beforeInstall?.(server);
    const target = login === 'root' ? server.target : server.sudoTarget;
    await applyInstall(target, planInstall(await inspectServer(target), await wantedInstall({ REDCONTROL_DAEMON_BUNDLE: daemon })));
    if (images === 'copied') await takeImages(server);
    const live = { ...conversation(server), server, repository, remove };
    await live.out(`mkdir -p /srv/git && git init -q --bare --initial-branch=main ${repository}
      git init -q --initial-branch=main /root/work && git -C /root/work remote add origin ${repository}`);
    return live;
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The same mirrors as this machine: base images are the same then, and what is made of them here the server need not make again. */
async function takeMirrors(server: TestServer): Promise<void> {
  const mirrors = await serverMirrors();
  if (!mirrors) return;
  const entry = (uri: string, suites: string) => `Types: deb\nURIs: ${uri}\nSuites: ${suites}\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n`;
  const text = [entry(mirrors.archive, 'bookworm bookworm-updates'), ...(mirrors.security === undefined ? [] : [entry(mirrors.security, 'bookworm-security')])].join('\n');
  await server.exec(`rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*\ncat > /etc/apt/sources.list.d/debian.sources <<'END'\n${text}END`);
}

async function takeImages(server: TestServer): Promise<void> {
  const listed = await docker(['images', '--format', '{{.Repository}}:{{.Tag}}', '--filter', 'reference=redcontrol/*']);
  const names = listed.split('\n').filter((name) => /^redcontrol\/(debian|base|postgres):/.test(name));
  if (names.length === 0) return;
  await runOrThrow('sh', ['-c', 'server=$0; docker save "$@" | docker exec --interactive "$server" docker load', server.container, ...names], { timeoutMs: 180_000 });
}

/** After a reboot the daemon takes its time to answer. */
async function connect(server: TestServer): Promise<DaemonClient> {
  for (const until = systemClock.now() + 60_000; ; await systemClock.sleep(500)) {
    try {
      return await connectDaemon({ server: server.target, clientName: 'test' });
    } catch (error) {
      if (systemClock.now() > until) throw error;
    }
  }
}

function conversation(server: TestServer): Pick<LiveServer, 'out' | 'call' | 'push' | 'verdict'> {
  const out = async (script: string) => {
    const { exitCode, stdout, stderr } = await server.exec(script);
    assert.equal(exitCode, 0, `${script}\n${stdout}${stderr}`);
    return stdout.trim();
  };
  const call: LiveServer['call'] = async (method, params) => {
    const client = await connect(server);
    try {
      return await client.call(method, params);
    } finally {
      await client.close();
    }
  };
  return {
    out, call,
    async push(files) {
      const writes = Object.entries(files).map(([path, content]) => `mkdir -p "$(dirname ${path})"; echo ${Buffer.from(content).toString('base64')} | base64 -d > ${path}`);
      return out(`set -e
        cd /root/work
        ${writes.join('\n')}
        git add --all
        git -c user.name=Anna -c user.email=anna@example.com commit -q --allow-empty -m 'Change ${Object.keys(files).join(', ')}'
        git push -q origin main
        git rev-parse HEAD`);
    },
    async verdict(project, commit) {
      for (const until = systemClock.now() + verdictWithinMs; systemClock.now() < until; await systemClock.sleep(300)) {
        const run = await call('run.wait', { project, commit, timeoutMs: 20_000 }).catch(() => null);
        if (run?.finishedAt) return run;
      }
      throw new Error(`No verdict of ${commit}:\n${(await server.exec('journalctl -u redcontrol -n 60 --output cat')).stdout}`);
    },
  };
}
