import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOrThrow } from '@redcontrol/system';
import { docker } from '../server/docker.ts';
import { startTestServer, type TestServer } from '../server/start-test-server.ts';

/** A machine with what a git host is at its simplest: sshd, git, and a bare repository of the user `git`. */
export async function startGitHost(instance: string, { folder, repository }: { folder: string; repository: string }): Promise<TestServer> {
  const host = await startTestServer({ instance, folder });
  await docker(['cp', '--', join(folder, 'identity.pub'), `${host.container}:/root/key.pub`]);
  const made = await host.exec(`set -e
    apt-get update -q >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends git >/dev/null
    useradd --create-home --shell /usr/bin/git-shell --password '*' git
    install -d -m 700 -o git -g git /home/git/.ssh
    install -m 600 -o git -g git /root/key.pub /home/git/.ssh/authorized_keys
    git init -q --bare --initial-branch=main /home/git/${repository}
    chown -R git:git /home/git/${repository}`);
  if (made.exitCode !== 0) throw new Error(`Expected the git host to be set up, got: ${made.stderr.slice(-500)}`);
  return host;
}

/** Lets a deploy key read the repository, as the settings page of a git host does: no shell, no terminal, no pushing. */
export async function addDeployKey(host: TestServer, { key, repository }: { key: string; repository: string }): Promise<void> {
  await runOrThrow('docker', ['exec', '--interactive', host.container, 'tee', '--append', '/home/git/.ssh/authorized_keys'], { input: `restrict,command="git-upload-pack '${repository}'" ${key.trim()}\n` });
}

/** An ssh configuration of an admin who knows the git host, and the server by nothing but a key. */
export async function sshConfig(gitHost: TestServer, { name, folder, identityFile }: { name: string; folder: string; identityFile: string }): Promise<string> {
  const gitKnown = String(gitHost.target.options?.UserKnownHostsFile);
  await readFile(gitKnown, 'utf8');
  return `Host ${name}
  HostName 127.0.0.1
  Port ${gitHost.target.port}
  IdentityFile ${gitHost.target.identityFile}
  UserKnownHostsFile ${gitKnown}

Host *
  IdentityFile ${identityFile}
  UserKnownHostsFile ${join(folder, 'known_hosts')}
  GlobalKnownHostsFile /dev/null
  IdentitiesOnly yes
`;
}
