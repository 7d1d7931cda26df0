import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { killTree, quoteForShell, runOrThrow, spawnProcess, type SshTarget } from '@redcontrol/system';

export interface TestSshd {
  /** Where it listens, with an OpenSSH configuration of its own. */
  target: SshTarget;
  knownHosts: string;
  /** Fingerprint of its only host key. */
  fingerprint: string;
  /** Makes a key; with a command it may only run that. Its file is returned. */
  addKey(name: string, command?: readonly string[]): Promise<string>;
  /** Makes the host key another one, as a new installation does. */
  changeHostKey(): Promise<void>;
  stop(): Promise<void>;
}

/** A real sshd on loopback that lets this user in by keys, with all its files in one folder. */
export async function startTestSshd(folder: string): Promise<TestSshd> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const hostKey = join(folder, 'host_key');
  const authorizedKeys = join(folder, 'authorized_keys');
  const knownHosts = join(folder, 'known_hosts');
  const port = await freePort();
  await makeKey(hostKey);
  await writeFile(authorizedKeys, '', { mode: 0o600 });
  await writeFile(join(folder, 'sshd_config'), [
    `ListenAddress 127.0.0.1:${port}`, `HostKey ${hostKey}`, `AuthorizedKeysFile ${authorizedKeys}`, `PidFile ${join(folder, 'sshd.pid')}`,
    'PasswordAuthentication no', 'KbdInteractiveAuthentication no', 'UsePAM no', 'StrictModes no', 'PermitRootLogin yes', 'LogLevel ERROR', '',
  ].join('\n'));
  await writeFile(join(folder, 'ssh_config'), `UserKnownHostsFile ${knownHosts}\nGlobalKnownHostsFile /dev/null\nIdentityAgent none\nIdentityFile ${join(folder, 'default')}\n`);
  const start = async () => {
    const child = spawnProcess('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'sshd_config')], { stdout: 'ignore', stderr: 'ignore' });
    await listening(port);
    return child;
  };
  // Debian's sshd wants its separation folder also when PAM and systemd are not there to make it.
  if (userInfo().uid === 0) await mkdir('/run/sshd', { recursive: true });
  let child = await start();
  const stop = () => new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    killTree(child, 'SIGTERM');
  });
  return {
    target: { host: '127.0.0.1', port, user: userInfo().username, configFile: join(folder, 'ssh_config') },
    knownHosts,
    fingerprint: await fingerprint(hostKey),
    async addKey(name, command) {
      const file = join(folder, name);
      await makeKey(file);
      const publicKey = await readFile(`${file}.pub`, 'utf8');
      const restriction = command ? `restrict,command="${command.map(quoteForShell).join(' ').replaceAll('"', '\\"')}" ` : '';
      await writeFile(authorizedKeys, `${restriction}${publicKey}`, { flag: 'a' });
      return file;
    },
    async changeHostKey() {
      await stop();
      await runOrThrow('rm', ['--', hostKey, `${hostKey}.pub`]);
      await makeKey(hostKey);
      child = await start();
    },
    stop,
  };
}

async function makeKey(file: string): Promise<void> {
  await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
}

async function fingerprint(file: string): Promise<string> {
  const { stdout } = await runOrThrow('ssh-keygen', ['-lf', `${file}.pub`]);
  return stdout.split(' ')[1] ?? '';
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => { socket.destroy(); resolve(true); });
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`sshd does not listen on port ${port}`);
}
