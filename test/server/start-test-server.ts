import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOrThrow, systemClock, type RunResult, type SshTarget } from '@redcontrol/system';
import { docker, dockerResult } from './docker.ts';
import { serverImage, type Suite } from './server-image.ts';

export interface TestServer {
  /** Logs in as root by the published port. */
  target: SshTarget;
  /** The same server, logged in as `deploy`, who has sudo without a password. */
  sudoTarget: SshTarget;
  /** The server's own address on the engine's network. */
  address: string;
  /** Container name, for the docker command line. */
  container: string;
  /** Host port of a port of the server. */
  port(inside: number): number;
  /** Runs a shell script inside as root, whatever its exit code. */
  exec(script: string): Promise<RunResult>;
  reboot(): Promise<void>;
  /** Removes the container and its volumes. Safe to call twice. */
  remove(): Promise<void>;
}

export interface TestServerOptions {
  suite?: Suite;
  /** Value of the `redcontrol` label and beginning of the names; begins with `test-` in tests. */
  instance: string;
  extraPorts?: number[];
  /** Host ports to publish at, by port inside; all others get a free one. */
  hostPorts?: Record<number, number>;
  /** Folders of this machine that the server can read, by the path where it sees them. */
  folders?: Record<string, string>;
  /** Names that the server knows besides those of DNS. */
  hosts?: Record<string, string>;
  /** Where the key and known_hosts go; left out: a temporary folder. Removed with the server. */
  folder?: string;
  say?: (line: string) => void;
}

const usualPorts = [22, 80, 443, 8000, 8001, 8002, 8003];
const bootTimeoutMs = 90_000;
/** Carries the id of the process that a test's server belongs to. */
const processLabel = 'redcontrol.test-process';

/**
 * Starts a container that is a fresh Debian server: systemd as PID 1, sshd, and an empty rest.
 * /var/lib/docker, /var/lib/containerd and /var/lib/redcontrol are volumes, so that a reboot keeps them. Ports are published on loopback only.
 */
export async function startTestServer(options: TestServerOptions): Promise<TestServer> {
  const image = await serverImage(options.suite ?? 'bookworm', options.say);
  const container = `${options.instance}-${options.suite ?? 'bookworm'}-server`;
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'redcontrol-server-')));
  const ports = new Map<number, number>();
  for (const inside of [...usualPorts, ...(options.extraPorts ?? [])]) {
    ports.set(inside, options.hostPorts?.[inside] ?? (await freePort()));
  }

  const remove = async () => {
    await removeServer(container);
    await rm(folder, { recursive: true, force: true });
  };

  try {
    await remove();
    await removeOrphans();
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await docker(['run', '--detach', '--name', container, ...(await containerFlags(options, container, ports)), image]);
    await waitForBoot(container);
    const sshPort = ports.get(22) as number;
    const login = await prepareLogin(container, folder, sshPort);
    await waitForSsh(sshPort);
    const server: TestServer = {
      ...login,
      address: await addressOf(container),
      container,
      port: (inside) => ports.get(inside) ?? Number.NaN,
      exec: (script) => dockerResult(['exec', '--interactive', container, 'sh', '-s'], { input: script, timeoutMs: 10 * 60_000 }),
      remove,
      async reboot() {
        await docker(['restart', '--time', '30', '--', container], { timeoutMs: 120_000 });
        await waitForBoot(container);
        await waitForSsh(sshPort);
        server.address = await addressOf(container);
      },
    };
    return server;
  } catch (error) {
    await remove();
    throw error;
  }
}

async function removeServer(container: string): Promise<void> {
  await dockerResult(['rm', '--force', '--volumes', '--', container]);
  await dockerResult(['volume', 'rm', '--force', '--', `${container}-docker`, `${container}-containerd`, `${container}-data`]);
}

/** Servers of tests whose process was killed before it could remove them. */
async function removeOrphans(): Promise<void> {
  const { stdout } = await dockerResult(['ps', '--all', '--filter', `label=${processLabel}`, '--format', `{{.Names}} {{.Label "${processLabel}"}}`]);
  for (const line of stdout.split('\n')) {
    const [container = '', pid = ''] = line.split(' ');
    if (pid !== '' && !isAlive(Number(pid))) await removeServer(container);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function containerFlags(options: TestServerOptions, container: string, ports: Map<number, number>): Promise<string[]> {
  return [
    '--hostname', container,
    '--label', `redcontrol=${options.instance}`,
    ...(options.instance.startsWith('test-') ? ['--label', `${processLabel}=${process.pid}`] : []),
    ...(await privileges()),
    '--tmpfs', '/run', '--tmpfs', '/run/lock',
    '--volume', `${container}-docker:/var/lib/docker`,
    // Newer engines keep images there; their layers cannot lie on those of this container.
    '--volume', `${container}-containerd:/var/lib/containerd`,
    '--volume', `${container}-data:/var/lib/redcontrol`,
    ...Object.entries(options.folders ?? {}).map(([inside, path]) => `--volume=${path}:${inside}:ro`),
    ...Object.entries(options.hosts ?? {}).map(([name, address]) => `--add-host=${name}:${address}`),
    ...[...ports].flatMap(([inside, outside]) => ['--publish', `127.0.0.1:${outside}:${inside}`]),
  ];
}

/**
 * What systemd and a Docker engine inside need. With cgroup v1 the host's hierarchy is shared and the flags are
 * spelled out, because --privileged asks for CAP_SYS_RESOURCE, which a confined host may not have to give.
 */
async function privileges(): Promise<string[]> {
  const version = await docker(['info', '--format', '{{.CgroupVersion}}']);
  if (version === '2') return ['--privileged', '--cgroupns=private'];
  return [
    '--cap-add=ALL', '--cap-drop=SYS_RESOURCE',
    '--security-opt', 'seccomp=unconfined', '--security-opt', 'apparmor=unconfined', '--security-opt', 'systempaths=unconfined',
    '--device-cgroup-rule=a *:* rwm',
    '--volume', '/sys/fs/cgroup:/sys/fs/cgroup:rw', '--cgroupns=host',
  ];
}

async function prepareLogin(container: string, folder: string, port: number): Promise<Pick<TestServer, 'target' | 'sudoTarget'>> {
  const identityFile = join(folder, 'identity');
  await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', identityFile]);
  await docker(['cp', '--', `${identityFile}.pub`, `${container}:/root/identity.pub`]);
  // Without a key sshd failed at boot, often enough for systemd to give it up.
  const hostKey = await docker(['exec', container, 'sh', '-ec', `
    ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key </dev/null
    install -m 0600 /root/identity.pub /root/.ssh/authorized_keys
    install -m 0600 -o deploy -g deploy /root/identity.pub /home/deploy/.ssh/authorized_keys
    rm /root/identity.pub
    systemctl reset-failed ssh
    systemctl restart ssh
    cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub`]);
  const knownHosts = join(folder, 'known_hosts');
  await writeFile(knownHosts, `[127.0.0.1]:${port} ${hostKey}\n`);
  const target: SshTarget = {
    host: '127.0.0.1', user: 'root', port, identityFile, configFile: '/dev/null',
    options: { UserKnownHostsFile: knownHosts, StrictHostKeyChecking: 'yes' },
  };
  return { target, sudoTarget: { ...target, user: 'deploy' } };
}

async function waitForBoot(container: string): Promise<void> {
  const deadline = systemClock.now() + bootTimeoutMs;
  for (;;) {
    const { stdout } = await dockerResult(['exec', container, 'systemctl', 'is-system-running']);
    const state = stdout.trim();
    if (state === 'running' || state === 'degraded') return;
    if (systemClock.now() > deadline) throw new Error(`Expected the server ${container} to boot within ${bootTimeoutMs} ms, got state ${state}`);
    await systemClock.sleep(250);
  }
}

/** Until sshd greets; the engine's proxy takes connections before anybody listens behind it. */
async function waitForSsh(port: number): Promise<void> {
  const deadline = systemClock.now() + bootTimeoutMs;
  while (!(await greets(port))) {
    if (systemClock.now() > deadline) throw new Error(`Expected sshd at port ${port} to greet within ${bootTimeoutMs} ms, it did not`);
    await systemClock.sleep(200);
  }
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(5000, () => socket.destroy());
    socket.once('data', (data) => {
      resolve(data.toString('latin1').startsWith('SSH-'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

async function addressOf(container: string): Promise<string> {
  return docker(['inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', '--', container]);
}

/** A port that is free now; it may be taken until it is used, which the engine then says. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
