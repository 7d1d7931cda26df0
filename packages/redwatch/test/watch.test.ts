import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProjectState } from '@redcontrol/contract';
import { startTestDaemon, type TestCall } from '@redcontrol/client/test-daemon';
import { redwatchOf } from './redwatch-of-test.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redwatch-watch-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const projectNamed = (name: string): ProjectState => ({
  name, repository: 'https://example.com/a/b', framework: null, revision: 1, deployKey: '', webhookPath: '', environments: [], lastRun: null, queuedRuns: 0,
  source: { state: 'following', error: null, checkedAt: null, nextCheckAt: null, branches: 1, tags: 0 },
});

test('watch draws again when something happens, and after a cut', async () => {
  let name = 'first';
  const calls: TestCall[] = [];
  const socket = join(folder, 'daemon.sock');
  const daemon = await startTestDaemon(socket, {
    'project.list': () => [projectNamed(name)],
    'run.list': () => [],
    'events.follow': (_, call) => {
      calls.push(call);
      return { last: 0 };
    },
  });
  await mkdir(join(folder, '.config/redwatch'), { recursive: true });
  await writeFile(join(folder, '.config/redwatch/settings.json'), JSON.stringify({ servers: [{ name: 'main', host: 'h', user: 'u', port: 22, socket }] }));
  const watching = redwatchOf({ home: folder, folder }).start({}, 'watch');
  const shows = async (text: string) => {
    while (!watching.output().includes(text)) await delay(20);
  };
  try {
    await shows('first main');
    name = 'second';
    calls.at(-1)?.notify('event', { seq: 1, at: 1, kind: 'project.applied', project: 'second', environment: null, runId: null, text: '', data: {} });
    await shows('second main');
    name = 'third';
    calls.at(-1)?.socket.destroy();
    await shows('third main');
    assert.equal(calls.length, 2);
  } finally {
    await watching.kill('SIGTERM');
    await daemon.close();
  }
});
