import { mkdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { parseArgs } from 'node:util';
import type { Isolation } from '@redcontrol/contract';
import { writeFileAtomic } from '@redcontrol/system';
import { bundle } from '../scripts/bundle.ts';
import type { Suite } from '../test/server/server-image.ts';
import { startTestServer, type TestServer } from '../test/server/start-test-server.ts';
import { mustRedcontrol, projectState, redcontrol, runOf, writeCommand } from './command-line.ts';
import { makeDeveloperKey, startDeveloper } from './developer.ts';
import { removeMachines, takeDown } from './down.ts';
import { addDeployKey, gitHostName, repositoryUrl, startGitHost } from './git-host.ts';
import { pushChange, pushFirstVersion } from './guestbook-repository.ts';
import { instances, places } from './places.ts';
import { tell, tellPart } from './tell.ts';
import { watchSteps } from './watch-steps.ts';

const { values } = parseArgs({ options: { down: { type: 'boolean', default: false }, suite: { type: 'string', default: 'bookworm' }, vm: { type: 'boolean', default: false } } });
if (values.down) await takeDown();
else if (values.suite === 'bookworm' || values.suite === 'trixie') await demo(values.suite, values.vm ? 'vm' : 'container');
else throw new RangeError(`Expected --suite bookworm or trixie, got ${values.suite}`);

async function demo(suite: Suite, isolation: Isolation): Promise<void> {
  const startedAt = Date.now();
  // A demo that was left in the middle must not be in the way.
  await removeMachines();
  await mkdir(places.folder, { recursive: true, mode: 0o700 });
  await bundle(places.programs);
  const { gitHost, server, port } = await startMachines(suite, isolation);

  tellPart('Install RedControl and set up the project');
  if (isolation === 'vm') tell('Runs and the app get virtual machines. Inside of this demo they are emulated in software: a run takes minutes where it takes seconds on a server with KVM.\n');
  tell(await readFile(places.config, 'utf8'));
  await mustRedcontrol('apply', '--yes');

  tellPart('Let the server read the repository');
  const { deployKey } = await projectState();
  await addDeployKey(gitHost, deployKey);
  tell(`Gave the server's deploy key to the git host:\n  ${deployKey.trim()}`);
  const first = await pushFirstVersion();
  await follow(first, 'succeeded');
  await show(port);

  tellPart('Let a developer be told: redwatch connects by an invitation and follows in the background');
  const developer = await startDeveloper();

  tellPart('Push a change');
  const second = await pushChange('Greet more warmly', 'greeting.js', { from: "'Hello'", to: "'Hello and welcome'" });
  await follow(second, 'succeeded');
  await show(port);
  if (isolation === 'vm') await showMachines(server);

  tellPart('Push a change that breaks a test');
  const broken = await pushChange('Count visits faster', 'visits.js', { from: 'value + 1', to: 'value + 2' });
  await follow(broken, 'failed');
  tell('Production serves the version before:');
  await show(port);

  await mustRedcontrol('status');

  tellPart('What redwatch told the developer meanwhile');
  await developer.show();
  tellEnd(port, Date.now() - startedAt);
}

async function startMachines(suite: Suite, isolation: Isolation): Promise<{ gitHost: TestServer; server: TestServer; port: number }> {
  tellPart('Start two machines: a git host, and a fresh server that has nothing but sshd');
  const gitHost = await startGitHost(tell);
  tell(`git host: ${gitHost.address}, with an empty repository ${repositoryUrl}`);
  const port = await freePortFrom(8000);
  const server = await startTestServer({
    suite, instance: instances.server, folder: places.serverKeys, say: tell,
    hosts: { [gitHostName]: gitHost.address },
    extraPorts: [port], hostPorts: { [port]: port },
  });
  tell(`server: ssh root@127.0.0.1 -p ${server.target.port}`);
  await writeFileAtomic(places.sshConfig, sshConfig(gitHost));
  await writeFileAtomic(places.config, await configText({ server, port, isolation }), 0o644);
  await writeCommand();
  return { gitHost, server, port };
}

function sshConfig(gitHost: TestServer): string {
  return `Host ${gitHostName}
  HostName 127.0.0.1
  Port ${gitHost.target.port}
  IdentityFile ${places.gitHostKeys}/identity
  UserKnownHostsFile ${places.gitHostKeys}/known_hosts

Host *
  IdentityFile ${places.serverKeys}/identity
  IdentitiesOnly yes
  UserKnownHostsFile ${places.serverKeys}/known_hosts
`;
}

async function configText({ server, port, isolation }: { server: TestServer; port: number; isolation: Isolation }): Promise<string> {
  const key = (await readFile(`${places.serverKeys}/identity.pub`, 'utf8')).trim();
  const developerKey = await makeDeveloperKey();
  return `project: guestbook
repository: ${repositoryUrl}
servers:
  main: { host: 127.0.0.1, port: ${server.target.port}, user: root }
environments:
  production:
    deploy: { branch: main }
    port: ${port}
    database: { engine: postgres, version: 15 }
people:
  - { name: You, role: admin, key: "${key}" }
  - { name: Developer, role: developer, key: "${developerKey}" }
source: { poll: 5s }
${isolation === 'vm' ? inMachines : ''}`;
}

/** Small machines: they share this one's processors. */
const inMachines = `isolation: vm
limits: { memory: 512M, cpus: 2, disk: 2G }
processes: { web: { memory: 192M, health: { timeout: 5m } } }
`;

/** Shows a commit's steps as they go, and makes sure that the run ended as it should. */
async function follow(commit: string, wanted: 'succeeded' | 'failed'): Promise<void> {
  const { id } = await runOf(commit);
  tell(`run ${id}:`);
  const { status, error } = await watchSteps(id);
  await redcontrol('run', 'show', String(id));
  if (status !== wanted) throw new Error(`Expected run ${id} to have ${wanted}, got ${status}: ${error?.message ?? ''}`);
}

async function show(port: number): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/`);
  tell(`\nhttp://127.0.0.1:${port}/ → ${response.status} ${(await response.text()).trim()}`);
}

/** What runs on the server itself: no container of the app, but a machine with its engine. */
async function showMachines(server: TestServer): Promise<void> {
  tellPart('Where the app is');
  const { stdout } = await server.exec(`echo 'Containers on the server: '$(docker ps --quiet | wc -l); systemctl list-units --no-legend --plain 'redcontrol-vm-*'; du -sh /var/lib/redcontrol/machines/* | sed 's#/var/lib/redcontrol/##'`);
  tell(stdout.trim());
}

async function freePortFrom(first: number): Promise<number> {
  for (let port = first; port < first + 100; port += 1) if (!(await answers(port))) return port;
  throw new Error(`Expected a free port from ${first} on, got none`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false)).once('connect', () => socket.destroy());
  });
}

function tellEnd(port: number, tookMs: number): void {
  const command = '.work/demo/redcontrol';
  tellPart(`Done in ${Math.round(tookMs / 1000)} s`);
  tell(`The guestbook: http://127.0.0.1:${port}/
Its working copy: .work/demo/guestbook (push with GIT_SSH_COMMAND="ssh -F ${places.sshConfig}" git push)

Try next:
  ${command} status                     what is live
  ${command} runs                       what was pushed, tested and deployed
  ${command} releases -e production     versions to go back to
  ${command} rollback -e production     go back to the one before
  ${command} server check               look at the server
  ${command} --help                     everything else

Remove all of it: npm run demo -- --down`);
}
