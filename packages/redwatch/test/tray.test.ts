import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startContractServer, type ContractServer } from '../../desktop/test/contract-server.ts';
import { sampleFailedRun } from '../../desktop/test/sample-data.ts';
import { redwatchOf } from './redwatch-of-test.ts';

let folder: string;
let daemon: ContractServer;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redwatch-tray-'));
  const socket = join(folder, 'daemon.sock');
  const log = Buffer.from(`${'early\n'.repeat(20_000)}\u001b[31mthe <b>end</b>\u001b[0m\n`);
  daemon = await startContractServer(socket, { 'run.show': ({ run }) => {
    const failed = sampleFailedRun(Date.now());
    return { ...failed, id: run, message: '<script>alert(1)</script>', steps: failed.steps.map((step) => ({ ...step, logBytes: step.index === 2 ? log.length : 0 })) };
  } });
  daemon.logs.set('994/2', log);
  await mkdir(join(folder, '.config/redwatch'), { recursive: true });
  await writeFile(join(folder, '.config/redwatch/settings.json'), JSON.stringify({ servers: [{ name: 'main', host: 'h', user: 'u', port: 22, socket }] }));
});
after(async () => {
  await daemon.close();
  await rm(folder, { recursive: true, force: true });
});

test('tray tells the window its address, colour and lines, and serves runs with the end of their logs, inert', { timeout: 60_000 }, async () => {
  const tray = redwatchOf({ home: folder, folder }).start({}, 'tray', '--shell');
  try {
    for (let tries = 0; !tray.output().includes('"kind":"tray"'); tries += 1) {
      assert.ok(tries < 1000, `redwatch says: ${tray.output()}`);
      await delay(20);
    }
    const [ready, state] = tray.output().trim().split('\n').map((line) => JSON.parse(line) as { kind: string; url: string; tone: string; lines: { text: string; path: string }[] });
    assert.equal(ready?.kind, 'ready');
    assert.equal(state?.tone, 'busy');
    assert.match(state.lines[0]!.text, /^▶ shop /);

    const list = await fetch(ready.url);
    assert.match(await list.text(), /Last runs/);
    assert.match(list.headers.get('content-security-policy') ?? '', /^default-src 'none'; style-src 'sha256-/);

    const page = await (await fetch(new URL('runs/main/994?step=2', ready.url))).text();
    assert.match(page, /&lt;script&gt;alert\(1\)/);
    assert.equal(page.includes('<script'), false);
    assert.match(page, /Only the end of the log:<\/p><pre>[^]*the &lt;b&gt;end&lt;\/b&gt;\n<\/pre>/);
    assert.ok(page.length < 80_000, `${page.length} characters`);

    assert.equal((await fetch(new URL('runs/other/994', ready.url))).status, 404);
    assert.equal((await fetch(new URL('/', ready.url))).status, 404, 'nothing outside of the secret path');
    assert.equal((await fetch(ready.url.replace('127.0.0.1', 'localhost'))).status, 404, 'no other name of this machine');
    assert.equal((await fetch(ready.url, { method: 'POST' })).status, 404);
  } finally {
    await tray.kill('SIGTERM');
  }
});

test('without the desktop app, tray says what to install', async () => {
  const { exitCode, stderr } = await redwatchOf({ home: folder, folder }).run('tray');
  assert.equal(exitCode, 3);
  assert.match(stderr, /Expected the program redcontrol-desktop, it is not installed/);
});
