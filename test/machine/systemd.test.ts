import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureMachineImage } from '../../packages/daemon/src/machine/image/ensure-machine-image.ts';
import { machineRecipe } from '../../packages/daemon/src/machine/image/machine-recipe.ts';
import { startTestServer, type TestServer } from '../server/start-test-server.ts';
import { sharedMachines } from './shared-machines.ts';

let server: TestServer;
const unit = 'redcontrol-vm-shop--production';
const patienceMs = 300_000;

before(async () => {
  const directory = await sharedMachines();
  await ensureMachineImage(join(directory, 'images'), machineRecipe('bookworm'), { onOutput: (text) => void process.stderr.write(text) });
  server = await startTestServer({ instance: 'test-machine-unit', folders: { '/opt/machines': directory, '/opt/redcontrol': join(import.meta.dirname, '../..') } });
  await must('export DEBIAN_FRONTEND=noninteractive; apt-get update -qq && apt-get install -y -qq --no-install-recommends qemu-system-x86 qemu-utils iptables openssl e2fsprogs libatomic1 > /dev/null; mkdir -p /var/lib/redcontrol/machines');
});
after(() => server?.remove());

async function must(script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await server.exec(`set -e\n${script}`);
  assert.equal(exitCode, 0, `${script}\n${stdout}\n${stderr}`);
  return stdout.trim();
}

/** What the daemon does when it starts: finds the machine, or makes or starts it. */
const ensure = () => must('cd /opt/redcontrol && node_modules/node/bin/node test/machine/run-app-machine.ts /opt/machines');
const property = (name: string) => must(`systemctl show --property=${name} --value ${unit}`);

test('a machine is a unit of systemd, and the next daemon finds it', async () => {
  assert.equal(await ensure(), '0');
  const pid = await property('MainPID');
  assert.equal(await ensure(), '1');
  assert.equal(await property('MainPID'), pid);
});

test('a machine whose process died is started by systemd, without the daemon', async () => {
  const pid = await property('MainPID');
  await must(`kill -9 ${pid}`);
  for (const until = Date.now() + patienceMs; (await property('NRestarts')) !== '1'; await delay(500)) assert.ok(Date.now() < until);
  assert.equal(await ensure(), '2');
  assert.equal(await property('NRestarts'), '1', 'it is the one that systemd started');
});

test('stopping the unit shuts the machine down properly', async () => {
  await must(`systemctl stop ${unit}`);
  const journal = await must(`journalctl --unit=${unit} --output=cat`);
  assert.match(journal, /Deactivated successfully/);
  assert.doesNotMatch(journal.slice(journal.lastIndexOf('Stopping')), /terminating on signal|timed out|SIGKILL/);
});

test('after a reboot of the server the daemon brings the machine back with its data', async () => {
  assert.equal(await ensure(), '3');
  await server.reboot();
  assert.equal(await ensure(), '4');
  assert.equal(await property('NRestarts'), '0');
});
