import { formatBytes } from '@redcontrol/contract';
import { unitNames } from './paths.ts';
import { serverPaths } from './paths.ts';
import type { ServerFacts } from './server-facts.ts';

/** One thing looked at on a server. A `fail` keeps RedControl from being installed or from working there. */
export interface ServerFinding {
  id: 'login' | 'os' | 'architecture' | 'systemd' | 'memory' | 'disk' | 'docker' | 'ports' | 'user' | 'clock' | 'firewall' | 'vm' | 'daemon' | `domain ${string}`;
  level: 'ok' | 'warn' | 'fail';
  /** For fail: "Expected …, got …". */
  text: string;
  /** What to do about it; null where nothing is to be done. */
  remedy: string | null;
}

const gibibyte = 1024 ** 3;
const leastMemoryBytes = 0.45 * gibibyte;
const goodMemoryBytes = 1.8 * gibibyte;
const leastDiskBytes = 3 * gibibyte;
const goodDiskBytes = 10 * gibibyte;
const leastVmMemoryBytes = 3.5 * gibibyte;
const clockToleranceSeconds = 60;
const oldestSystemd = 249;
const oldestRelease: Record<string, number> = { debian: 12, ubuntu: 22.04 };

/** What the facts mean, in the order in which people would look. */
export function serverFindings(facts: ServerFacts): ServerFinding[] {
  return [
    login(facts), os(facts), architecture(facts), systemd(facts), memory(facts), disk(facts), docker(facts), ...ports(facts), user(facts), clock(facts), firewall(facts), vm(facts),
  ];
}

type Found = Omit<ServerFinding, 'id'>;
const ok = (text: string): Found => ({ level: 'ok', text, remedy: null });
const warn = (text: string, remedy: string): Found => ({ level: 'warn', text, remedy });
const fail = (text: string, remedy: string): Found => ({ level: 'fail', text, remedy });

function login({ login: { user, privilege } }: ServerFacts): ServerFinding {
  const found = privilege === 'none'
    ? fail(`Expected root or a user with sudo without a password, got ${user}`, `Log in as root, or on the server: echo '${user} ALL=(ALL) NOPASSWD: ALL' | sudo tee /etc/sudoers.d/${user}`)
    : ok(privilege === 'root' ? `logged in as ${user}` : `logged in as ${user}, root by sudo`);
  return { id: 'login', ...found };
}

function os({ os: { id, version, name } }: ServerFacts): ServerFinding {
  const oldest = oldestRelease[id];
  const supported = oldest !== undefined && (version === '' || Number.parseFloat(version) >= oldest);
  const found = supported ? ok(name) : fail(`Expected Debian 12 or later or Ubuntu 22.04 or later, got ${name || 'an unknown system'}`, 'Take a server with one of these systems.');
  return { id: 'os', ...found };
}

function architecture({ architecture: got }: ServerFacts): ServerFinding {
  const found = got === 'x64' || got === 'arm64' ? ok(got) : fail(`Expected an x86-64 or ARM64 processor, got ${got}`, 'Take a server with one of these processors.');
  return { id: 'architecture', ...found };
}

function systemd({ systemd: { version } }: ServerFacts): ServerFinding {
  const found = version !== null && version >= oldestSystemd
    ? ok(`systemd ${version}`)
    : fail(`Expected systemd ${oldestSystemd} or later as the first process, got ${version ?? 'another one'}`, 'Take a full virtual or real machine; plain containers have no systemd.');
  return { id: 'systemd', ...found };
}

function memory({ memory: { totalBytes } }: ServerFacts): ServerFinding {
  const got = formatBytes(totalBytes);
  const found = totalBytes < leastMemoryBytes
    ? fail(`Expected at least 512 MB of memory, got ${got}`, 'Take a server with 2 GB or more.')
    : totalBytes < goodMemoryBytes
      ? warn(`${got} of memory: builds of larger apps may run out of it`, 'Take 2 GB or more, or add swap.')
      : ok(`${got} of memory`);
  return { id: 'memory', ...found };
}

function disk({ disk: { freeBytes }, redcontrol }: ServerFacts): ServerFinding {
  const got = formatBytes(freeBytes);
  const found = freeBytes < leastDiskBytes && redcontrol.release === null
    ? fail(`Expected at least 3 GB free on the disk of ${serverPaths.data}, got ${got}`, 'Free some space or take a larger disk.')
    : freeBytes < goodDiskBytes
      ? warn(`${got} free on the disk of ${serverPaths.data}: few images will fit`, 'Keep 10 GB or more free.')
      : ok(`${got} free`);
  return { id: 'disk', ...found };
}

function docker({ docker: { state, version, origin, buildx } }: ServerFacts): ServerFinding {
  if (origin === 'podman') return { id: 'docker', ...fail('Expected Docker Engine or none, got Podman under its name', 'On the server: apt-get remove podman-docker') };
  if (origin === 'snap') return { id: 'docker', ...fail('Expected Docker Engine from packages or none, got the snap, which may not read our files', 'On the server: snap remove docker') };
  if (state === 'absent') return { id: 'docker', ...ok('no Docker yet: docker.io will be installed') };
  if (state === 'unanswering') return { id: 'docker', ...fail('Expected the Docker Engine that is there to answer, got nothing', 'On the server: systemctl start docker, and see journalctl -u docker') };
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 10)) {
    return { id: 'docker', ...fail(`Expected Docker Engine 20.10 or later, got ${version}`, 'Upgrade Docker Engine.') };
  }
  if (major >= 23 && buildx === null && origin !== 'docker.io') {
    return { id: 'docker', ...fail(`Expected BuildKit's plugin beside Docker Engine ${version}, got none`, 'On the server: apt-get install docker-buildx-plugin') };
  }
  return { id: 'docker', ...ok(`Docker Engine ${version} is there and is used as it is`) };
}

function ports({ ports: uses }: ServerFacts): ServerFinding[] {
  const strangers = uses.filter(({ unit }) => unit !== unitNames.proxy);
  if (strangers.length === 0) return [{ id: 'ports', ...ok('ports 80 and 443 are free or RedControl\'s') }];
  return strangers.map(({ port, program, unit }) => ({
    id: 'ports' as const,
    ...fail(`Expected port ${port} to be free, got ${program}${unit ? ` (${unit})` : ''}`, `Stop it or move it to another port${unit ? `, e.g. systemctl disable --now ${unit}` : ''}.`),
  }));
}

function user({ redcontrol: { userHome } }: ServerFacts): ServerFinding {
  const found = userHome === null || userHome === serverPaths.home
    ? ok(userHome === null ? 'the user redcontrol is free' : 'the user redcontrol is ours')
    : fail(`Expected no user redcontrol or ours, got one whose home is ${userHome}`, 'Rename that user.');
  return { id: 'user', ...found };
}

function clock({ clockSkewSeconds }: ServerFacts): ServerFinding {
  const found = Math.abs(clockSkewSeconds) <= clockToleranceSeconds
    ? ok('the clock is right')
    : warn(`the server's clock is ${Math.abs(clockSkewSeconds)} s ${clockSkewSeconds > 0 ? 'ahead of' : 'behind'} this computer's: certificates may fail`, 'On the server: timedatectl set-ntp true');
  return { id: 'clock', ...found };
}

function firewall({ firewall: { active, allowed } }: ServerFacts): ServerFinding {
  const lets = (port: number) => allowed.some((rule) => rule.split('/')[0]?.split(',').includes(String(port)) || (port === 80 && /^(Apache|Nginx|WWW)/.test(rule)));
  const found = !active ? ok('no UFW in the way') : lets(80) && lets(443) ? ok('UFW lets 80 and 443 through') : warn('UFW is on and does not name ports 80 and 443', 'On the server: ufw allow 80,443,8000:8099/tcp');
  return { id: 'firewall', ...found };
}

function vm({ kvm, memory: { totalBytes } }: ServerFacts): ServerFinding {
  const enough = totalBytes >= leastVmMemoryBytes;
  const found = kvm === 'usable' && enough
    ? ok('virtual machines can be used (KVM)')
    : ok(kvm !== 'usable' ? `KVM is ${kvm}: virtual machines would run emulated, several times slower` : `virtual machines need 4 GB, this server has ${formatBytes(totalBytes)}`);
  return { id: 'vm', ...found };
}
