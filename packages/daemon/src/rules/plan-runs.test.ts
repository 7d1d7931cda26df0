import { test } from 'node:test';
import assert from 'node:assert/strict';
import { explainRef, projectConfig, type ProjectConfig } from '@redcontrol/contract';
import type { RefChange, RemoteRefs } from '../source/index.ts';
import { branchCommitsToKnow, compareTags, maxRunsPerLook, planRuns, type RulesInput } from './index.ts';

/** production by tags on main, test by pushes to develop, preview by release branches. */
function config(changes: { environments?: Record<string, { branch: string; tag?: string }>; branches?: string[] } = {}): ProjectConfig {
  const environments = changes.environments ?? { production: { branch: 'main', tag: 'v*' }, test: { branch: 'develop' } };
  return projectConfig.parse({
    project: 'shop',
    repository: 'https://git.example.com/acme/shop.git',
    servers: { main: { host: '203.0.113.10' } },
    environments: Object.fromEntries(Object.entries(environments).map(([name, deploy]) => [name, { deploy }])),
    ...(changes.branches ? { source: { branches: changes.branches } } : {}),
  });
}

/** Commits are letters in a line: `c` has `a` and `b` in its history. Others, such as x1, stand alone. */
const inLine: RulesInput['isReachable'] = (tag, branch) => tag === branch || (tag.length === 1 && branch.length === 1 && tag <= branch);

function plan(input: { config?: ProjectConfig; changes?: RefChange[]; branches?: Record<string, string>; tags?: Record<string, string>; head?: string; firstLook?: boolean }) {
  const refs: RemoteRefs = { branches: input.branches ?? {}, tags: input.tags ?? {}, ...(input.head ? { head: input.head } : {}) };
  return planRuns({ config: input.config ?? config(), changes: input.changes ?? [], refs, isReachable: inLine, firstLook: input.firstLook ?? false });
}

const short = (runs: ReturnType<typeof plan>) => runs.runs.map(({ ref, commit, trigger, environments }) => `${trigger} ${ref}@${commit} → ${environments.join('+') || 'checks'}`);
const branch = (name: string, before?: string, after?: string, forced?: boolean): RefChange => ({ kind: 'branch', name, ...(before ? { before } : {}), ...(after ? { after } : {}), ...(forced ? { forced } : {}) });
const tag = (name: string, before?: string, after?: string): RefChange => ({ ...branch(name, before, after), kind: 'tag' });

test('a push deploys where its branch does, and runs checks elsewhere', () => {
  const changes = [branch('develop', 'a', 'b'), branch('main', 'a', 'b'), branch('feature/x', undefined, 'c')];
  assert.deepEqual(short(plan({ changes, branches: { develop: 'b', main: 'b', 'feature/x': 'c' } })), ['push develop@b → test', 'push main@b → checks', 'push feature/x@c → checks']);
});

test('branches that are not tracked and deploy nowhere start nothing, and it is said', () => {
  const result = plan({ config: config({ branches: ['main'] }), changes: [branch('wip', 'a', 'b'), branch('develop', 'a', 'b')], branches: { wip: 'b', develop: 'b' } });
  assert.deepEqual(short(result), ['push develop@b → test']);
  assert.deepEqual(result.notes.map(({ ref }) => ref), ['wip']);
});

test('one run goes to several environments', () => {
  const both = config({ environments: { eu: { branch: 'main' }, us: { branch: 'ma*' } } });
  assert.deepEqual(short(plan({ config: both, changes: [branch('main', 'a', 'b')], branches: { main: 'b' } })), ['push main@b → eu+us']);
});

test('a tag on the branch deploys; a tag pushed with its branch gives both runs', () => {
  const changes = [branch('main', 'a', 'b'), tag('v1.4.0', undefined, 'b')];
  assert.deepEqual(short(plan({ changes, branches: { main: 'b' }, tags: { 'v1.4.0': 'b' } })), ['push main@b → checks', 'tag v1.4.0@b → production']);
});

test('a tag that is not on the branch does not deploy and says why; when the branch gets there, it does', () => {
  const early = plan({ changes: [tag('v1', undefined, 'c')], branches: { main: 'b', develop: 'c' }, tags: { v1: 'c' } });
  assert.deepEqual(short(early), []);
  assert.match(early.notes[0]?.text ?? '', /v1 is not on a branch that matches main, so it does not go to production/);
  const merged = plan({ changes: [branch('main', 'b', 'd')], branches: { main: 'd' }, tags: { v1: 'c', v0: 'a' } });
  assert.deepEqual(short(merged), ['push main@d → checks', 'tag v1@c → production']);
  assert.match(merged.runs[1]?.reason ?? '', /was reached by a push of main/);
});

test('a forced push brings no old tag back', () => {
  const result = plan({ changes: [branch('main', 'x1', 'd', true)], branches: { main: 'd' }, tags: { v1: 'c' } });
  assert.deepEqual(short(result), ['push main@d → checks']);
  assert.match(result.runs[0]?.reason ?? '', /forced push/);
});

test('a tag that another matching branch had already does not deploy again', () => {
  const releases = config({ environments: { production: { branch: 'release/*', tag: 'v*' } } });
  const result = plan({ config: releases, changes: [branch('release/2', 'a', 'd')], branches: { 'release/1': 'c', 'release/2': 'd' }, tags: { v1: 'c' } });
  assert.deepEqual(short(result), ['push release/2@d → checks']);
});

test('tags that fit no pattern start nothing and are noted', () => {
  const result = plan({ changes: [tag('nightly', undefined, 'b')], branches: { main: 'b' }, tags: { nightly: 'b' } });
  assert.deepEqual(short(result), []);
  assert.match(result.notes[0]?.text ?? '', /fits no environment's tag pattern/);
});

test('of several tags at one look the highest version deploys and the others are noted', () => {
  const names = ['v1.9.0', 'v1.10.0', 'v1.10.0-rc.1', 'v1.2'];
  const result = plan({ changes: names.map((name) => tag(name, undefined, 'b')), branches: { main: 'b' }, tags: Object.fromEntries(names.map((name) => [name, 'b'])) });
  assert.deepEqual(short(result), ['tag v1.10.0@b → production']);
  assert.deepEqual(result.notes.map(({ ref }) => ref), ['v1.10.0-rc.1', 'v1.9.0', 'v1.2']);
});

test('a moved tag is a new release of what it points to now', () => {
  const result = plan({ changes: [tag('v1', 'a', 'b')], branches: { main: 'b' }, tags: { v1: 'b' } });
  assert.deepEqual(short(result), ['tag v1@b → production']);
  assert.match(result.runs[0]?.reason ?? '', /was moved from a to b/);
});

test('deleted branches and tags start nothing and cancel what is queued of them; re-created ones run', () => {
  const gone = plan({ changes: [branch('develop', 'b'), tag('v1', 'b')], branches: { main: 'b' } });
  assert.deepEqual([short(gone), gone.cancelRefs], [[], [{ kind: 'branch', name: 'develop' }, { kind: 'tag', name: 'v1' }]]);
  assert.deepEqual(short(plan({ changes: [branch('develop', undefined, 'b')], branches: { develop: 'b' } })), ['push develop@b → test']);
});

test('nothing changed, or nothing there: nothing runs', () => {
  assert.deepEqual(plan({ branches: { main: 'b' } }), { runs: [], cancelRefs: [], notes: [] });
  const empty = plan({ firstLook: true });
  assert.deepEqual(short(empty), []);
  assert.deepEqual(empty.notes.map(({ text }) => text), ['production waits for a tag that matches v* on a branch that matches main.', 'test waits for a branch that matches develop.']);
});

test('the first look gives each environment one version and floods nothing', () => {
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`feature/${index}`, 'b']));
  const branches = { main: 'c', develop: 'd', ...many };
  const tags = { 'v1.0.0': 'a', 'v2.0.0': 'b', 'v3.0.0': 'x9' };
  const changes = Object.entries(branches).map(([name, commit]) => branch(name, undefined, commit));
  const result = plan({ changes, branches, tags, firstLook: true });
  assert.deepEqual(short(result), ['first v2.0.0@b → production', 'first develop@d → test']);
  assert.match(result.notes.at(-1)?.text ?? '', /^501 other branches/);
});

test('at the first look one environment gets one branch of a pattern', () => {
  const wild = (pattern: string) => config({ environments: { test: { branch: pattern } } });
  const branches = { 'release/1.9': 'a', 'release/1.10': 'b', main: 'c', trunk: 'd' };
  assert.deepEqual(short(plan({ config: wild('release/*'), branches, firstLook: true })), ['first release/1.10@b → test']);
  assert.deepEqual(short(plan({ config: wild('**'), branches, head: 'trunk', firstLook: true })), ['first trunk@d → test']);
  assert.deepEqual(short(plan({ config: wild('**'), branches, firstLook: true })), ['first main@c → test']);
});

test('a look with more than enough pushes keeps those that deploy', () => {
  const names = [...Array.from({ length: maxRunsPerLook + 20 }, (_, index) => `feature/${index}`), 'develop'];
  const result = plan({ changes: names.map((name) => branch(name, undefined, 'b')), branches: Object.fromEntries(names.map((name) => [name, 'b'])) });
  assert.equal(result.runs.length, maxRunsPerLook);
  assert.ok(result.runs.some(({ ref }) => ref === 'develop'));
  assert.equal(result.notes.length, 21);
});

test('branches called like parts of an object are branches like others', () => {
  const branches = Object.fromEntries([['__proto__', 'a'], ['constructor', 'b'], ['$(touch x)', 'c'], ['a;b', 'd']]);
  const changes = Object.entries(branches).map(([name, commit]) => branch(name, undefined, commit));
  assert.deepEqual(plan({ changes, branches }).runs.map(({ ref }) => ref), ['__proto__', 'constructor', '$(touch x)', 'a;b']);
});

test('the plan asks only about branch commits that were announced', () => {
  const inputs: Omit<RulesInput, 'isReachable'>[] = [
    { config: config(), changes: [branch('main', 'a', 'b'), tag('v1', undefined, 'b')], refs: { branches: { main: 'b', develop: 'c' }, tags: { v1: 'b', v0: 'a' } }, firstLook: false },
    { config: config(), changes: [branch('main', 'a', 'b')], refs: { branches: { main: 'b' }, tags: { v1: 'b' } }, firstLook: false },
    { config: config(), changes: [], refs: { branches: { main: 'b' }, tags: { v1: 'b' } }, firstLook: true },
    { config: config(), changes: [branch('develop', 'a', 'b')], refs: { branches: { main: 'b', develop: 'b' }, tags: { v1: 'b' } }, firstLook: false },
  ];
  for (const input of inputs) {
    const known = new Set(branchCommitsToKnow(input));
    planRuns({ ...input, isReachable: (tagCommit, branchCommit) => { assert.ok(known.has(branchCommit), branchCommit); return inLine(tagCommit, branchCommit); } });
  }
  assert.deepEqual(branchCommitsToKnow(inputs[3]!), [], 'a push that no tag is about costs no git');
});

test('tags are ordered by version, then by their numbers', () => {
  const ordered = ['alpha', 'build-final', 'v1', 'v1.2.0-rc.1', 'v1.2.0', 'v1.10', '2.0.0', 'release-3.1', '2024.10.3'];
  assert.deepEqual([...ordered].reverse().sort(compareTags), ordered);
});

test('explains what a push or a tag would do', () => {
  const says = (ref: { branch: string; tag?: string }) => {
    const { environments, checks, reasons } = explainRef(config(), ref);
    return { environments, checks, text: reasons.map(({ text }) => text) };
  };
  assert.deepEqual(says({ branch: 'main', tag: 'v1.4.0' }), {
    environments: ['production'], checks: true,
    text: ['v1.4.0 on main would go to production.', 'main does not match develop, so it does not go to test.'],
  });
  assert.deepEqual(says({ branch: 'main' }).text[0], 'A push to main does not go to production: a tag that matches v* does.');
  assert.deepEqual(says({ branch: 'main' }).checks, true);
  assert.deepEqual(says({ branch: 'main', tag: 'nightly' }), {
    environments: [], checks: false,
    text: ['nightly does not match v*, so it does not go to production.', 'main does not match develop, so it does not go to test.'],
  });
  assert.deepEqual(says({ branch: 'develop' }).environments, ['test']);
});
