import { runOrThrow } from '@redcontrol/system';
import { docker } from '../test/server/docker.ts';
import { startTestServer, type TestServer } from '../test/server/start-test-server.ts';
import { instances, places } from './places.ts';

/** Name of the git host, for the server and for whoever pushes. */
export const gitHostName = 'git-host';
export const repositoryUrl = `git@${gitHostName}:guestbook.git`;

/** A second machine with what a git host is at its simplest: sshd, git and a bare repository of the user `git`. */
export async function startGitHost(say: (line: string) => void): Promise<TestServer> {
  const host = await startTestServer({ instance: instances.gitHost, folder: places.gitHostKeys, say });
  await docker(['cp', '--', `${places.gitHostKeys}/identity.pub`, `${host.container}:/root/key.pub`]);
  const made = await host.exec(`set -e
    apt-get update -q >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends git >/dev/null
    useradd --create-home --shell /usr/bin/git-shell --password '*' git
    install -d -m 700 -o git -g git /home/git/.ssh
    install -m 600 -o git -g git /root/key.pub /home/git/.ssh/authorized_keys
    git init -q --bare --initial-branch=main /home/git/guestbook.git
    chown -R git:git /home/git/guestbook.git`);
  if (made.exitCode !== 0) throw new Error(`Expected the git host to be set up, got: ${made.stderr.slice(-500)}`);
  return host;
}

/** Lets a deploy key read the repository, as the settings page of a git host does: no shell, no terminal, no pushing. */
export async function addDeployKey(host: TestServer, key: string): Promise<void> {
  const line = `restrict,command="git-upload-pack 'guestbook.git'" ${key.trim()}\n`;
  await runOrThrow('docker', ['exec', '--interactive', host.container, 'tee', '--append', '/home/git/.ssh/authorized_keys'], { input: line });
}
