import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { userInfo } from 'node:os';
import { killTree, readIfExists, runOrThrow, spawnProcess } from '@redcontrol/system';

/** A real sshd on loopback that serves git repositories to the keys it is told. Stopped after the test. */
export interface SshHost {
  port: number;
  user: string;
  /** Public lines that may log in. */
  allow(...publicKeys: string[]): Promise<void>;
  /** Gives the host another host key, as after a takeover. */
  changeHostKey(): Promise<void>;
}

export async function startSshHost(test: TestContext, folder: string): Promise<SshHost> {
  const home = join(folder, 'sshd');
  await mkdir(home, { recursive: true });
  await mkdir('/run/sshd', { recursive: true });
  const [port, user] = [await freePort(), userInfo().username];
  const files = { key: join(home, 'host'), keys: join(home, 'authorized_keys'), config: join(home, 'sshd_config'), log: join(home, 'log') };
  const makeKey = async () => {
    await runOrThrow('rm', ['-f', files.key, `${files.key}.pub`]);
    await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', files.key]);
  };
  await makeKey();
  await writeFile(files.keys, '');
  await writeFile(files.config, [
    `Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${files.key}`, `AuthorizedKeysFile ${files.keys}`, 'StrictModes no', 'UsePAM no',
    'PasswordAuthentication no', 'KbdInteractiveAuthentication no', 'PermitRootLogin yes', 'PidFile none', '',
  ].join('\n'));
  const start = async () => {
    const child = spawnProcess('/usr/sbin/sshd', ['-D', '-f', files.config, '-E', files.log], { stdout: 'ignore', stderr: 'ignore' });
    test.after(() => killTree(child, 'SIGTERM'));
    while (!((await readIfExists(files.log)) ?? '').includes('Server listening')) {
      if (child.exitCode !== null) throw new Error(`sshd ended: ${await readIfExists(files.log)}`);
      await sleep(20);
    }
    return child;
  };
  let running = await start();
  return {
    port,
    user,
    allow: (...publicKeys) => writeFile(files.keys, publicKeys.map((key) => `restrict ${key}\n`).join('')),
    async changeHostKey() {
      const ended = new Promise((resolve) => running.once('exit', resolve));
      killTree(running, 'SIGTERM');
      await ended;
      await makeKey();
      await writeFile(files.log, '');
      running = await start();
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
