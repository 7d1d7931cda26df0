import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RedControlError } from '@redcontrol/contract';
import { runOrThrow } from '@redcontrol/system';
import type { WantedInstall } from './operation.ts';
import { parseFacts } from './parse-facts.ts';
import { serverDirectories, serverPaths } from './paths.ts';
import { planInstall } from './plan-install.ts';
import { releaseName } from './release-name.ts';
import { goBackScript } from './scripts/go-back-script.ts';
import { operationScript } from './scripts/operation-script.ts';
import { probeScript } from './scripts/probe-script.ts';
import { serverFindings } from './server-findings.ts';
import type { ServerFacts } from './server-facts.ts';
import { sshdSettings } from './operations/ssh-operation.ts';
import { sha256 } from './text-sha256.ts';
import { commandWrapper, daemonUnit } from './units/daemon-unit.ts';
import { proxyUnit } from './units/proxy-unit.ts';
import { planUninstall } from './uninstall/plan-uninstall.ts';

const wanted: WantedInstall = { daemon: { path: '/x.mjs', version: '1.2.3', sha256: 'a'.repeat(64) }, nodeVersion: '26.10.0' };
const nowMs = 1_800_000_000_000;
const seen = { host: '203.0.113.10', atMs: nowMs };

/** What the probe says of a Debian 12 server on its first day. */
const freshLines = `facts	1
uid	0
user	root
hostname	box
os.id	debian
os.version	12
os.codename	bookworm
os.name	Debian GNU/Linux 12 (bookworm)
machine	x86_64
kernel	6.1.0-18-amd64
time	${nowMs / 1000 + 2}
cpus	2
memory.MemTotal	4014000
memory.MemAvailable	3500000
memory.SwapTotal	0
disk.totalKb	41000000
disk.freeKb	38000000
pid1	systemd
systemd.version	252
systemd.state	running
address	203.0.113.10
address	2001:db8::10
apparmor	Y
kvm	absent
package	ca-certificates 20230311 ii 
package	debian-archive-keyring 2023.3 ii 
package	iproute2 6.1.0-3 ii 
package	openssh-client 1:9.2p1 ii 
package	haproxy 2.6.12 rc 
docker.state	absent
sshd.version	OpenSSH_9.2p1
sshd.for.pubkeyauthentication	yes
sshd.for.authorizedkeysfile	.ssh/authorized_keys .ssh/authorized_keys2
service	inactive
proxy	inactive
end	1
`;
const fresh = (): ServerFacts => parseFacts(freshLines, seen);

/** The same server after an installation. */
function installed(): ServerFacts {
  const facts = fresh();
  const name = releaseName(wanted);
  for (const added of ['docker.io', 'git', 'haproxy', 'iptables', 'libatomic1', 'mmdebstrap', 'apparmor']) facts.packages.installed[added] = '1';
  facts.docker = { state: 'running', version: '20.10.24', origin: 'docker.io', buildx: null };
  facts.ports = [{ port: 80, program: 'haproxy', unit: 'redcontrol-haproxy.service' }];
  facts.ssh.forRedcontrol.authorizedkeysfile = serverPaths.authorizedKeys;
  facts.redcontrol = {
    release: name, upgradeOpen: false, releases: [name], runtimes: ['node-26.10.0'], service: 'active', proxy: 'active',
    files: {
      [serverPaths.command]: sha256(commandWrapper), [serverPaths.unit]: sha256(daemonUnit), [serverPaths.proxyUnit]: sha256(proxyUnit),
      [serverPaths.sshdSettings]: sha256(sshdSettings), [serverPaths.authorizedKeys]: 'any', [serverPaths.proxyConfig]: 'any',
    },
    directories: Object.fromEntries(serverDirectories.map(({ path, mode, owner }) => [path, `${mode} ${owner}`])),
    userHome: serverPaths.home, publicHost: '203.0.113.10', userLocked: false, enabledUnits: ['redcontrol.service', 'redcontrol-haproxy.service'],
    manifest: ['package haproxy', 'package docker.io', 'user redcontrol'],
  };
  return facts;
}

const ids = (facts: ServerFacts, want = wanted) => planInstall(facts, want).map(({ id }) => id);

test('a fresh server gets everything, in an order that can stop anywhere', () => {
  const plan = planInstall(fresh(), wanted);
  assert.deepEqual(plan.map(({ id }) => id), ['packages', 'user', 'directories', 'node', 'release', 'ssh', 'proxy', 'service']);
  assert.deepEqual(plan[0]?.arguments, ['docker.io apparmor git haproxy iptables libatomic1 mmdebstrap', 'docker-cli docker-buildx']);
  assert.equal(fresh().clockSkewSeconds, 2);
});

test('an up-to-date server gets nothing', () => {
  assert.deepEqual(ids(installed()), []);
});

test('each thing that is wrong brings back its operation and no other', () => {
  const cases: [string, (facts: ServerFacts) => void][] = [
    ['packages', (facts) => delete facts.packages.installed.git],
    ['packages', (facts) => (facts.packages.interrupted = true)],
    ['packages', (facts) => facts.packages.available.push('docker-buildx')],
    ['user', (facts) => (facts.redcontrol.userLocked = true)],
    ['directories', (facts) => (facts.redcontrol.directories[serverPaths.home] = '777 root:redcontrol')],
    ['node', (facts) => (facts.redcontrol.runtimes = ['node-24.0.0'])],
    ['ssh', (facts) => (facts.redcontrol.files[serverPaths.sshdSettings] = 'changed')],
    ['ssh', (facts) => (facts.ssh.forRedcontrol.pubkeyauthentication = 'no')],
    ['proxy', (facts) => (facts.redcontrol.proxy = 'failed')],
    ['proxy', (facts) => facts.redcontrol.enabledUnits.push('haproxy.service')],
    ['service', (facts) => (facts.redcontrol.service = 'failed')],
    ['service', (facts) => (facts.redcontrol.upgradeOpen = true)],
    ['service', (facts) => (facts.redcontrol.files[serverPaths.unit] = 'changed')],
  ];
  for (const [expected, damage] of cases) {
    const facts = installed();
    damage(facts);
    assert.deepEqual(ids(facts), [expected]);
  }
});

test('a new daemon is sent and switched to, and nothing else', () => {
  const newer = { ...wanted, daemon: { ...wanted.daemon, version: '1.3.0', sha256: 'b'.repeat(64) } };
  assert.deepEqual(ids(installed(), newer), ['release', 'service']);
  const plan = planInstall(installed(), newer);
  assert.equal(plan[1]?.kind, 'change');
  assert.match(plan[1]?.description ?? '', /from 1\.2\.3-[0-9a-f]{8} to 1\.3\.0-[0-9a-f]{8}/);
});

test('a Docker of another origin keeps its packages', () => {
  const facts = fresh();
  facts.docker = { state: 'running', version: '29.1.0', origin: 'docker-ce', buildx: 'github.com/docker/buildx v0.30' };
  facts.packages.available = ['docker-cli', 'docker-buildx'];
  assert.deepEqual(planInstall(facts, wanted)[0]?.arguments, ['git haproxy iptables libatomic1 mmdebstrap', '']);
});

test('a server that will not do is refused, with all reasons and what to do', () => {
  const cases: [RegExp, (facts: ServerFacts) => void][] = [
    [/port 80 to be free, got nginx \(nginx\.service\)/, (facts) => facts.ports.push({ port: 80, program: 'nginx', unit: 'nginx.service' })],
    [/port 443 to be free, got haproxy \(haproxy\.service\)/, (facts) => facts.ports.push({ port: 443, program: 'haproxy', unit: 'haproxy.service' })],
    [/port 80 to be free, got docker-proxy,?/, (facts) => facts.ports.push({ port: 80, program: 'docker-proxy', unit: null })],
    [/Debian 12 or later.*got CentOS/, (facts) => (facts.os = { id: 'centos', version: '9', codename: '', name: 'CentOS Stream 9' })],
    [/Debian 12 or later/, (facts) => (facts.os.version = '11')],
    [/sudo without a password, got boris/, (facts) => (facts.login = { user: 'boris', privilege: 'none' })],
    [/processor, got riscv64/, (facts) => (facts.architecture = 'riscv64')],
    [/systemd 249/, (facts) => (facts.systemd.version = null)],
    [/512 MB of memory, got 300 MB/, (facts) => (facts.memory.totalBytes = 300 * 1024 ** 2)],
    [/3 GB free/, (facts) => (facts.disk.freeBytes = 1e9)],
    [/got Podman/, (facts) => (facts.docker = { state: 'unanswering', version: null, origin: 'podman', buildx: null })],
    [/got the snap/, (facts) => (facts.docker = { state: 'running', version: '27.0.0', origin: 'snap', buildx: null })],
    [/to answer, got nothing/, (facts) => (facts.docker = { state: 'unanswering', version: null, origin: 'docker-ce', buildx: null })],
    [/20\.10 or later, got 19\.3/, (facts) => (facts.docker = { state: 'running', version: '19.3.1', origin: 'docker-ce', buildx: null })],
    [/BuildKit's plugin/, (facts) => (facts.docker = { state: 'running', version: '28.0.0', origin: 'docker-ce', buildx: null })],
    [/home is \/home\/red/, (facts) => (facts.redcontrol.userHome = '/home/red')],
  ];
  for (const [expected, damage] of cases) {
    const facts = fresh();
    damage(facts);
    assert.throws(() => planInstall(facts, wanted), (error) =>
      error instanceof RedControlError && error.code === 'SERVER_UNSUPPORTED' && expected.test(error.message) && (error.hint ?? '') !== '', String(expected));
  }
  const both = fresh();
  both.ports.push({ port: 80, program: 'nginx', unit: null });
  both.os.version = '10';
  assert.throws(() => planInstall(both, wanted), /Debian 12.*; Expected port 80/);
});

test('a small server is warned about, a firewall and a wrong clock too', () => {
  const facts = fresh();
  facts.memory.totalBytes = 1024 ** 3;
  facts.clockSkewSeconds = -300;
  facts.firewall = { active: true, allowed: ['22/tcp', 'OpenSSH'] };
  const warnings = serverFindings(facts).filter(({ level }) => level === 'warn');
  assert.deepEqual(warnings.map(({ id }) => id), ['memory', 'clock', 'firewall']);
  for (const { remedy } of warnings) assert.ok(remedy);
  facts.firewall.allowed.push('80,443/tcp');
  assert.equal(serverFindings(facts).find(({ id }) => id === 'firewall')?.level, 'ok');
});

/** What the probe would say of an Ubuntu 24.04 on its first day: written from its os-release, packages and systemd, not recorded. */
function freshUbuntu(): ServerFacts {
  const changed: Record<string, string> = {
    'os.id': 'ubuntu', 'os.version': '24.04', 'os.codename': 'noble', 'os.name': 'Ubuntu 24.04.2 LTS', kernel: '6.8.0-60-generic', 'systemd.version': '255', ufw: 'inactive',
  };
  const lines = freshLines.split('\n').filter((line) => !line.startsWith('package\tdebian-archive-keyring')).map((line) => {
    const [key = ''] = line.split('\t');
    return changed[key] === undefined ? line : `${key}\t${changed[key]}`;
  });
  return parseFacts(lines.join('\n'), seen);
}

test('Ubuntu is planned for as Debian is, with the keyring by which it makes Debian images', () => {
  const facts = freshUbuntu();
  assert.deepEqual(facts.os, { id: 'ubuntu', version: '24.04', codename: 'noble', name: 'Ubuntu 24.04.2 LTS' });
  assert.deepEqual(serverFindings(facts).filter(({ level }) => level !== 'ok' && level !== 'warn'), []);
  const plan = planInstall(facts, wanted);
  assert.deepEqual(plan.map(({ id }) => id), planInstall(fresh(), wanted).map(({ id }) => id));
  assert.deepEqual(plan[0]?.arguments, ['docker.io apparmor debian-archive-keyring git haproxy iptables libatomic1 mmdebstrap', 'docker-cli docker-buildx']);
  facts.os.version = '22.04';
  assert.equal(planInstall(facts, wanted).length, 8);
  facts.os = { ...facts.os, version: '20.04', name: 'Ubuntu 20.04.6 LTS' };
  assert.throws(() => planInstall(facts, wanted), /Ubuntu 22\.04 or later, got Ubuntu 20\.04/);
});

test('a description that was cut off is no description', () => {
  assert.throws(() => parseFacts(freshLines.slice(0, -10), seen), /Expected the server's description/);
  assert.throws(() => parseFacts('Welcome to Ubuntu\n', seen), /Expected the server's description/);
});

test('uninstalling takes the manifest, and data only when told', () => {
  assert.deepEqual(planUninstall(fresh(), { data: false }), []);
  const keep = planUninstall(installed(), { data: false });
  assert.deepEqual(keep.map(({ id }) => id), ['services', 'access', 'engine', 'packages', 'files']);
  for (const { script } of keep) assert.doesNotMatch(script, /docker volume rm|docker image rm|find \S+redcontrol -mindepth 1 -delete/);
  assert.ok(planUninstall(installed(), { data: true }).some(({ script }) => script.includes('docker volume rm')));
});

test('every script is valid for the shell of the server', async () => {
  const scripts = [probeScript, ...planInstall(fresh(), wanted).map(operationScript), ...planUninstall(installed(), { data: true }).map(operationScript), ...planUninstall(installed(), { data: false }).map(operationScript)];
  for (const script of scripts) await runOrThrow('dash', ['-n'], { input: script });
  const inner = scripts.flatMap((script) => [...script.matchAll(/<<'END'\n([\s\S]*?)\nEND$/gm)].map((match) => match[1] ?? '')).filter((text) => text.startsWith('set -eu'));
  assert.equal(inner.length >= 3, true);
  for (const script of [...inner, goBackScript]) await runOrThrow('dash', ['-n'], { input: script });
});

test('QEMU is installed where virtual machines are wanted, and only there', () => {
  const facts = parseFacts(freshLines, seen);
  const packages = (machines: boolean) => planInstall(facts, { ...wanted, machines }).find((operation) => operation.id === 'packages')?.arguments[0]?.split(' ') ?? [];
  assert.ok(packages(true).includes('qemu-system-x86') && packages(true).includes('qemu-utils'));
  assert.ok(!packages(false).some((name) => name.startsWith('qemu')));
});
