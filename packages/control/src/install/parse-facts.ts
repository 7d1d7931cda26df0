import { RedControlError } from '@redcontrol/contract';
import type { DockerFacts, InstalledFacts, PortUse, ServerFacts, SshFacts } from './server-facts.ts';

/**
 * The probe's lines as facts, `seen` from here: under which name, and our clock at the middle of the round trip.
 * Throws SSH_FAILED when the probe did not come to its end.
 */
export function parseFacts(output: string, seen: { host: string; atMs: number }): ServerFacts {
  const said = readLines(output);
  if (said.one('facts') !== '1' || said.one('end') !== '1') {
    throw new RedControlError('SSH_FAILED', `Expected the server's description, got ${JSON.stringify(output.slice(-200))}`, {
      hint: 'Log in by hand and see whether `sh` works and nothing is printed by the shell\'s start files.',
    });
  }
  return {
    hostname: said.one('hostname'),
    reachedAs: seen.host,
    os: { id: said.one('os.id'), version: said.one('os.version'), codename: said.one('os.codename'), name: said.one('os.name') },
    architecture: architecture(said.one('machine')),
    kernel: said.one('kernel'),
    login: { user: said.one('user'), privilege: said.one('uid') !== '0' ? 'none' : said.one('sudo') === 'yes' ? 'sudo' : 'root' },
    cpus: said.number('cpus'),
    memory: {
      totalBytes: said.number('memory.MemTotal') * 1024,
      availableBytes: said.number('memory.MemAvailable') * 1024,
      swapBytes: said.number('memory.SwapTotal') * 1024,
    },
    disk: { totalBytes: said.number('disk.totalKb') * 1024, freeBytes: said.number('disk.freeKb') * 1024 },
    addresses: said.all('address'),
    clockSkewSeconds: Math.round(said.number('time') - seen.atMs / 1000),
    systemd: {
      version: said.one('pid1') === 'systemd' ? said.number('systemd.version') || null : null,
      state: said.one('systemd.state'),
    },
    packages: packages(said),
    apparmor: said.one('apparmor') === 'Y',
    docker: docker(said),
    ports: ports(said),
    kvm: said.one('kvm') as ServerFacts['kvm'],
    qemu: said.one('qemu') || null,
    firewall: { active: said.one('ufw') === 'active', allowed: said.all('ufw.allowed') },
    ssh: ssh(said),
    redcontrol: installed(said),
  };
}

interface Said {
  one(key: string): string;
  number(key: string): number;
  all(key: string): string[];
  entries(): Iterable<[string, string[]]>;
}

function readLines(output: string): Said {
  const values = new Map<string, string[]>();
  for (const line of output.split('\n')) {
    const tab = line.indexOf('\t');
    if (tab < 0) continue;
    const key = line.slice(0, tab);
    values.set(key, [...(values.get(key) ?? []), line.slice(tab + 1).trim()]);
  }
  const one = (key: string) => values.get(key)?.[0] ?? '';
  return { one, number: (key) => Number.parseInt(one(key), 10) || 0, all: (key) => values.get(key) ?? [], entries: () => values };
}

function architecture(machine: string): string {
  if (machine === 'x86_64') return 'x64';
  return machine === 'aarch64' ? 'arm64' : machine;
}

function packages(said: Said): ServerFacts['packages'] {
  const installed: Record<string, string> = {};
  for (const line of said.all('package')) {
    const [name = '', version = '', status = ''] = line.split(' ');
    if (status.startsWith('ii')) installed[name] = version;
  }
  const available = [...new Set(said.all('available'))].filter((name) => installed[name] === undefined);
  return { installed, available, interrupted: said.one('dpkg.interrupted') === 'yes' };
}

function docker(said: Said): DockerFacts {
  return {
    state: said.one('docker.state') as DockerFacts['state'],
    version: said.one('docker.version') || null,
    origin: said.one('docker.origin') || (said.one('docker.state') === 'absent' ? null : 'other'),
    buildx: said.one('docker.buildx') || null,
  };
}

/** One line per port and program, though it may listen on several addresses. */
function ports(said: Said): PortUse[] {
  const unique = new Set(said.all('port'));
  return [...unique].map((line) => {
    const [port = '', program = '', unit] = line.split(' ');
    return { port: Number(port), program, unit: unit || null };
  });
}

function ssh(said: Said): SshFacts {
  const forRedcontrol: Record<string, string> = {};
  for (const [key, values] of said.entries()) {
    if (key.startsWith('sshd.for.')) forRedcontrol[key.slice('sshd.for.'.length)] = values.join(' ');
  }
  return { server: said.one('sshd.version') || null, forRedcontrol };
}

function installed(said: Said): InstalledFacts {
  return {
    release: said.one('release') || null,
    upgradeOpen: said.one('upgrade.open') === 'yes',
    releases: said.all('has.release'),
    runtimes: said.all('has.runtime'),
    service: said.one('service') || 'inactive',
    proxy: said.one('proxy') || 'inactive',
    files: byPath(said.all('file')),
    directories: byPath(said.all('directory')),
    userHome: said.one('user.home') || null,
    publicHost: said.one('public.host') || null,
    userLocked: said.one('user.locked') === 'yes',
    enabledUnits: said.all('enabled'),
    manifest: said.all('manifest'),
  };
}

/** `<value …> <path>` lines as value by path. */
function byPath(lines: string[]): Record<string, string> {
  return Object.fromEntries(lines.map((line) => [line.slice(line.lastIndexOf(' ') + 1), line.slice(0, line.lastIndexOf(' '))]));
}
