import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkConfig, notYetUsed, projectConfig, type ProjectConfig } from '@redcontrol/contract';
import { planInstall } from '../../packages/control/src/install/plan-install.ts';
import { serverFindings } from '../../packages/control/src/install/server-findings.ts';
import type { ServerFacts } from '../../packages/control/src/install/server-facts.ts';
import { planApply } from '../../packages/daemon/src/projects/plan-apply.ts';
import { sayings } from '../../packages/desktop/src/words/ru.ts';
import { createSay } from '../../packages/desktop/src/words/say.ts';

const say = createSay(sayings);
const facts: ServerFacts = {
  hostname: 'web-1', reachedAs: '203.0.113.10', os: { id: 'debian', version: '12', codename: 'bookworm', name: 'Debian GNU/Linux 12 (bookworm)' }, architecture: 'x64', kernel: '6.1.0', login: { user: 'root', privilege: 'root' }, cpus: 2,
  memory: { totalBytes: 4 * 1024 ** 3, availableBytes: 3 * 1024 ** 3, swapBytes: 0 }, disk: { totalBytes: 40 * 1024 ** 3, freeBytes: 30 * 1024 ** 3 }, addresses: ['203.0.113.10'], clockSkewSeconds: 1, systemd: { version: 252, state: 'running' },
  packages: { installed: {}, available: [], interrupted: false }, apparmor: true, docker: { state: 'absent', version: null, origin: null, buildx: null }, ports: [], kvm: 'absent', qemu: null, firewall: { active: false, allowed: [] },
  ssh: { server: null, forRedcontrol: {} },
  redcontrol: { release: null, upgradeOpen: false, releases: [], runtimes: [], service: 'inactive', proxy: 'inactive', files: {}, directories: {}, userHome: null, publicHost: null, userLocked: false, enabledUnits: [], manifest: [] },
};
const bad: Partial<ServerFacts>[] = [
  {}, { login: { user: 'anna', privilege: 'none' } }, { login: { user: 'anna', privilege: 'sudo' } }, { os: { ...facts.os, id: 'fedora', name: 'Fedora 44' } }, { os: { ...facts.os, id: '', name: '' } }, { architecture: 'riscv64' }, { systemd: { version: null, state: '' } }, { systemd: { version: 240, state: '' } },
  { memory: { totalBytes: 1e8, availableBytes: 1e8, swapBytes: 0 } }, { memory: { totalBytes: 1e9, availableBytes: 1e9, swapBytes: 0 } }, { disk: { totalBytes: 4e10, freeBytes: 1e9 } }, { disk: { totalBytes: 4e10, freeBytes: 5e9 } }, { clockSkewSeconds: 400 }, { clockSkewSeconds: -400 },
  { docker: { state: 'running', version: '4.3', origin: 'podman', buildx: null } }, { docker: { state: 'running', version: '24.0', origin: 'snap', buildx: null } }, { docker: { state: 'unanswering', version: null, origin: 'other', buildx: null } }, { docker: { state: 'running', version: '19.3', origin: 'other', buildx: null } },
  { docker: { state: 'running', version: '27.1', origin: 'other', buildx: null } }, { docker: { state: 'running', version: '27.1', origin: 'other', buildx: '0.1' } }, { ports: [{ port: 80, program: 'nginx', unit: 'nginx.service' }, { port: 443, program: 'nginx', unit: null }] },
  { firewall: { active: true, allowed: [] } }, { firewall: { active: true, allowed: ['80', '443'] } }, { kvm: 'usable' }, { kvm: 'unusable' }, { redcontrol: { ...facts.redcontrol, userHome: '/home/redcontrol' } },
];

test('what is found out about servers, and its remedies, are said in Russian', () => {
  const texts = bad.flatMap((change) => serverFindings({ ...facts, ...change })).flatMap(({ text, remedy }) => [text, remedy ?? '']);
  // Names of systems, processors and versions stand for themselves.
  assert.deepEqual(untold(texts).filter((text) => !/^(Debian GNU\/Linux .*|x64|arm64|systemd \d+)$/.test(text)), []);
});

test('what an installation and a project\'s plan would do is said in Russian', () => {
  const wanted = { daemon: { path: '/d.mjs', version: '1.2.3', sha256: 'a'.repeat(64) }, nodeVersion: '26.10.0', machines: true };
  const install = planInstall(facts, wanted).map(({ description }) => description);
  const machines = { qemuVersion: null, acceleration: null, memoryTotalBytes: 1e9, memoryAvailableBytes: 1e8, cpus: 1 };
  const before = config({ environments: { production: { deploy: { branch: 'main' } }, old: { deploy: { branch: 'old' } } } });
  const after = config({ repository: 'https://git.example.com/other.git', isolation: 'vm', environments: { production: { deploy: { branch: 'main', tag: 'v*' }, isolation: 'vm', variables: { A: '1' } }, test: { deploy: { branch: 'develop' }, database: { engine: 'postgres', version: 17 }, redis: {} } } });
  const project = [...planApply({ current: undefined, wanted: after, databases: [], machines }), ...planApply({ current: before, wanted: after, databases: [], machines: { ...machines, qemuVersion: '7.2', acceleration: 'tcg' } })];
  assert.deepEqual(untold([...install, ...project.flatMap(({ description, warning }) => [description, warning ?? ''])]), []);
});

test('keys that are accepted and not carried out are told in Russian', () => {
  const wide = config({
    framework: 'django', assets: ['static'], repositoryPipeline: true, build: { dockerfile: 'Dockerfile' }, servers: { main: { host: '203.0.113.10' }, second: { host: '203.0.113.11' } },
    pipeline: [{ name: 'test', services: [{ engine: 'postgres', version: 17, rehearsal: true, connections: 20 }] }],
    environments: { production: { server: ['main', 'second'], deploy: { branch: 'main' }, preview: { pattern: 'feature/*' }, database: { engine: 'sqlite' } } },
    processes: { web: { handover: 'stop-first' }, worker: { run: 'work', port: 9000, health: { path: '/up' } } },
  });
  assert.deepEqual(untold(notYetUsed(wide).map(({ text }) => text)), []);
});

test('what is wrong with several apps is told in Russian', () => {
  const apps = { site: { root: 'a' }, api: { root: 'a' }, db: { root: 'b', domain: 'b' }, 'x--y': { root: 'c', domain: 'x.example.com' } };
  const two = { production: { deploy: { branch: 'main' } }, test: { deploy: { branch: 'test' }, domain: 'x.example.com' } };
  const { problems } = checkConfig({ project: 'shop', repository: 'https://git.example.com/shop.git', servers: { main: { host: '203.0.113.10' } }, environments: two, apps, root: 'x', build: { secrets: ['A'] }, jobs: { a: { cron: '0 3 * * *', run: 'true' } } });
  assert.ok(problems.length >= 8, String(problems.length));
  assert.deepEqual(untold(problems.flatMap(({ expected, got }) => [expected, got])).filter((text) => !/^("\S+"|none)$/.test(text)), []);
});

function config(changes: Record<string, unknown>): ProjectConfig {
  return projectConfig.parse({ project: 'shop', repository: 'https://git.example.com/shop.git', servers: { main: { host: '203.0.113.10' } }, environments: { production: { deploy: { branch: 'main' } } }, ...changes });
}

function untold(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== '' && !/[а-яё]/i.test(say(text)));
}
