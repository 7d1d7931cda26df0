import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import type { RedControlEvent } from '@redcontrol/contract';
import { runTestCli, type CliResult, type TestCliOptions } from '../cli/test-cli.ts';
import { AnswerError, startTestDaemon, type TestMethods } from '@redcontrol/client/test-daemon';
import { environmentState, projectState, releaseRecord, runDetails, runRecord, stepRecord, testNow } from './test-records.ts';

const anna = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKHEeZZAnKLDSJ3w8GFFYzOqaSCTzpFLBYYo9zqpuJMc';
const configText = `# The shop.
project: shop
repository: git@git.example.com:acme/shop.git
servers:
  main: { host: 203.0.113.10 }
environments:
  production:
    deploy: { branch: main, tag: "v*" }
    domain: shop.example.com
    secrets: [SECRET_KEY, MAIL_PASSWORD]
  test:
    deploy: { branch: develop }
people:
  - { name: Anna, key: "${anna}", role: admin } # keeps it
`;
let folder = '';
let count = 0;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-cli-'));
  await writeFile(join(folder, 'redcontrol.yml'), configText);
});
after(() => rm(folder, { recursive: true }));

/** A daemon, and the command line talking to it with the configuration of this test. */
async function shop(t: TestContext, answers: TestMethods) {
  const socket = join(folder, `${(count += 1)}.sock`);
  const daemon = await startTestDaemon(socket, answers);
  t.after(() => daemon.close());
  const run = (args: string[], options: Partial<TestCliOptions> = {}): Promise<CliResult> =>
    runTestCli(['--socket', socket, '-c', 'redcontrol.yml', ...args], { folder, now: testNow, ...options });
  return { ...daemon, run, paramsOf: (method: string) => daemon.calls.find((call) => call.method === method)?.params };
}

test('status shows the environments, the source and the last run', async (t) => {
  const { run } = await shop(t, { 'project.show': () => projectState({ environments: [environmentState(), environmentState({ name: 'test', health: 'never', live: null, database: null, url: 'http://203.0.113.10:8000' })] }) });
  const { stdout, code } = await run(['status']);
  assert.equal(code, 0);
  assert.equal(stdout, `shop on main, revision 3
source      ● git@git.example.com:acme/shop.git, looked at 3s ago, 2 branches, 1 tags
last run    12 ✓ succeeded 4m ago, main 1a2b3c4 Fix the cart

ENVIRONMENT  STATE             LIVE             SINCE   DATABASE     URL
production   ● up              #7 main 1a2b3c4  4m ago  postgres 17  https://shop.example.com
test         ○ never deployed  –                –       –            http://203.0.113.10:8000
`);
  const json = JSON.parse((await run(['status', '--json'])).stdout) as { server: string; name: string }[];
  assert.deepEqual(json.map(({ server, name }) => [server, name]), [['main', 'shop']]);
});

test('an unreachable repository is told in the status', async (t) => {
  const { run } = await shop(t, { 'project.show': () => projectState({ source: { state: 'unreachable', error: 'Permission denied', checkedAt: testNow, nextCheckAt: testNow + 60_000, branches: 0, tags: 0 } }) });
  assert.match((await run(['status'])).stdout, /✗ git@git\.example\.com:acme\/shop\.git cannot be reached: Permission denied; next try in 1m/);
});

test('runs are a table that lines up, with hostile texts made harmless', async (t) => {
  const { run } = await shop(t, {
    'run.list': () => [runRecord({ message: 'Исправить корзину' }), runRecord({ id: 11, status: 'failed', ref: 'feature/日本', message: 'evil \u001b]0;title\u0007\u001b[2J\u202ename', environments: [] })],
  });
  assert.equal((await run(['runs'])).stdout, `RUN  STATUS       REF           COMMIT   MESSAGE            TO          TOOK  WHEN
 12  ✓ succeeded  main          1a2b3c4  Исправить корзину  production  59.5s  5m ago
 11  ✗ failed     feature/日本  1a2b3c4  evil name          –           59.5s  5m ago
`.replace('TO          TOOK', 'TO           TOOK'));
});

test('a narrow terminal gets a shorter message, not a broken table', async (t) => {
  const { run } = await shop(t, { 'run.list': () => [runRecord({ message: 'A very long message that goes on and on and on and on' })] });
  const { stdout } = await run(['runs'], { columns: 90, variables: { NO_COLOR: '1' } });
  for (const line of stdout.split('\n')) assert.ok(line.length <= 90, line);
  assert.match(stdout, /A very long.*…/);
});

test('colours come on a terminal, and not with NO_COLOR or --no-color', async (t) => {
  const { run } = await shop(t, { 'run.list': () => [runRecord()] });
  const isColored = async (args: string[], options: Partial<TestCliOptions> = {}) => (await run(args, options)).stdout.includes('\u001b[32m✓ succeeded');
  assert.equal(await isColored(['runs'], { columns: 120 }), true);
  assert.equal(await isColored(['runs'], { columns: 120, variables: { NO_COLOR: '1' } }), false);
  assert.equal(await isColored(['runs', '--no-color'], { columns: 120 }), false);
  assert.equal(await isColored(['runs']), false);
});

test('a run is shown with its steps, failed tests and error', async (t) => {
  const { run, paramsOf } = await shop(t, {
    'run.show': () => runDetails({ status: 'failed', steps: [stepRecord({ name: 'build' }), stepRecord({ index: 1, status: 'failed', exitCode: 1 })], failedTests: [{ suite: 'cart', name: 'adds', message: 'Expected 1, got 0' }], error: { code: 'STEP_FAILED', message: 'Expected test to pass', hint: 'Look.' } }),
  });
  const { stdout } = await run(['run', 'show', '12']);
  assert.deepEqual(paramsOf('run.show'), { run: 12 });
  assert.match(stdout, /✓ build 1\.1s\n {2}✗ test 1\.1s, exit code 1\n\n1 failed test:\n {2}✗ cart › adds\n {4}Expected 1, got 0\n\nSTEP_FAILED: Expected test to pass\nhint: Look\./);
});

/** A log that is read in pieces of three bytes. */
const logOf = (text: string): TestMethods['log.read'] => ({ offset }) => {
  const bytes = Buffer.from(text);
  const piece = bytes.subarray(offset, offset + 3);
  return { data: piece.toString('base64'), nextOffset: offset + piece.length, totalBytes: bytes.length, closed: true, sha256: createHash('sha256').update(bytes).digest('hex') };
};

test('logs go byte for byte into a pipe, and harmless onto a terminal', async (t) => {
  const text = 'плюс \u001b[31mred\u001b[0m \u001b]52;c;ZXZpbA==\u0007done\r\n';
  const { run } = await shop(t, { 'run.show': () => runDetails(), 'log.read': logOf(text) });
  assert.equal((await run(['run', 'logs', '12'])).stdout, text);
  assert.equal((await run(['run', 'logs', '12'], { columns: 80 })).stdout, 'плюс \u001b[31mred\u001b[0m done\n');
});

test('a log that does not fit its checksum is an error', async (t) => {
  const { run } = await shop(t, { 'run.show': () => runDetails(), 'log.read': () => ({ data: '', nextOffset: 0, totalBytes: 0, closed: true, sha256: 'f'.repeat(64) }) });
  const { code, stderr } = await run(['run', 'logs', '12']);
  assert.equal(code, 1);
  assert.match(stderr, /error INTERNAL: Expected the log of step 0 of run 12 with the SHA-256 ffff/);
});

test('only one step\'s log is shown when asked, and an unknown one is refused', async (t) => {
  const { run, calls } = await shop(t, { 'run.show': () => runDetails({ steps: [stepRecord({ name: 'build' }), stepRecord({ index: 1 })] }), 'log.read': logOf('x') });
  assert.equal((await run(['run', 'logs', '12', '--step', 'test'])).stdout, 'x');
  assert.deepEqual(calls.filter(({ method }) => method === 'log.read').map(({ params }) => (params as { step: number }).step), [1]);
  assert.match((await run(['run', 'logs', '12', '--step', 'lint'])).stderr, /error NOT_FOUND: Expected one of the steps build, test of run 12, got "lint"/);
});

test('a log is followed while it grows, until the run is over', async (t) => {
  let text = 'one\n';
  let isOver = false;
  const { run } = await shop(t, {
    'run.show': () => runDetails({ status: isOver ? 'succeeded' : 'running', finishedAt: isOver ? testNow : null, steps: [stepRecord({ status: isOver ? 'passed' : 'running', finishedAt: isOver ? testNow : null })] }),
    'events.follow': () => ({ last: 0 }),
    'log.read': ({ offset }, { notify }) => {
      const bytes = Buffer.from(text);
      const answer = { data: bytes.subarray(offset).toString('base64'), nextOffset: bytes.length, totalBytes: bytes.length, closed: isOver, sha256: isOver ? createHash('sha256').update(bytes).digest('hex') : null };
      // The rest comes, and is announced, right after this answer.
      setTimeout(() => {
        text = 'one\ntwo\n';
        isOver = true;
        notify('log', { run: 12, step: 0, totalBytes: 8, closed: true });
        notify('event', { seq: 1, at: testNow, kind: 'run.succeeded', project: 'shop', environment: null, runId: 12, text: '', data: {} });
      }, 20);
      return answer;
    },
  });
  const { code, stdout } = await run(['run', 'logs', '12', '-f']);
  assert.equal(code, 0);
  assert.equal(stdout, 'one\ntwo\n');
});

test('deploy starts a run and shows its steps until it is live', async (t) => {
  let looks = 0;
  const { run, paramsOf } = await shop(t, {
    deploy: () => runRecord({ status: 'queued', finishedAt: null }),
    'events.follow': () => ({ last: 0 }),
    'run.show': (_, { notify }) => {
      looks += 1;
      setTimeout(() => notify('event', { seq: looks, at: testNow, kind: 'step.finished', project: 'shop', environment: null, runId: 12, text: '', data: {} }), 5);
      return looks === 1 ? runDetails({ status: 'running', finishedAt: null, steps: [stepRecord({ status: 'running' })] }) : runDetails();
    },
  });
  const { code, stdout, stderr } = await run(['deploy', 'main', '-e', 'production']);
  assert.deepEqual(paramsOf('deploy'), { project: 'shop', environment: 'production', ref: 'main' });
  assert.equal(code, 0);
  assert.equal(stderr, 'run 12 main 1a2b3c4 Fix the cart\n  ✓ test 1.1s\n');
  assert.equal(stdout, '✓ succeeded run 12 in 59.5s\n');
});

test('a run that fails ends the command with its code and the end of the log', async (t) => {
  const { run } = await shop(t, {
    'run.retry': () => runRecord({ id: 13, status: 'queued' }),
    'events.follow': () => ({ last: 0 }),
    'run.show': () => runDetails({ id: 13, status: 'failed', steps: [stepRecord({ status: 'failed', exitCode: 1, logBytes: 13 })], error: { code: 'STEP_FAILED', message: 'Expected step test to pass, got exit code 1' }, failedTests: [{ suite: 's', name: 'n', message: '' }] }),
    'log.read': () => ({ data: Buffer.from('first\nlast\n').toString('base64'), nextOffset: 11, totalBytes: 11, closed: true, sha256: null }),
  });
  const { code, stdout, stderr } = await run(['run', 'retry', '12']);
  assert.equal(code, 7);
  assert.match(stdout, /✗ failed run 13/);
  assert.match(stderr, /✗ s › n\n {2}the end of test's log:\n {2}\| first\n {2}\| last\nerror STEP_FAILED: Expected step test to pass, got exit code 1\nhint: The whole log: redcontrol run logs 13/);
});

test('--no-wait only starts the run', async (t) => {
  const { run } = await shop(t, { deploy: () => runRecord({ status: 'queued' }) });
  assert.match((await run(['deploy', 'main', '-e', 'test', '--no-wait'])).stdout, /run 12 main 1a2b3c4 Fix the cart is queued/);
});

test('which environment is meant has to be clear', async (t) => {
  const { run } = await shop(t, {});
  const { code, stderr } = await run(['deploy', 'main']);
  assert.equal(code, 2);
  assert.equal(stderr, 'error USAGE: Expected to know which environment is meant of production, test, got none\nhint: Name it with --environment.\n');
});

test('releases say to which one can go back', async (t) => {
  const { run } = await shop(t, { 'release.list': () => [releaseRecord(), releaseRecord({ number: 6, state: 'retired', rollbackOf: 3 }), releaseRecord({ number: 5, state: 'reverted', available: false, liveAt: null })] });
  const { stdout } = await run(['releases', '-e', 'production']);
  assert.match(stdout, /#7 {2}● live/);
  assert.match(stdout, /#6 {2}○ retired \(rollback\).* possible\n/);
  assert.match(stdout, /#5 {2}✗ reverted.* image gone\n/);
});

test('a rollback asks, and without a terminal names --yes', async (t) => {
  const { run, paramsOf } = await shop(t, { 'release.list': () => [releaseRecord({ number: 6 })], 'release.rollback-choices': () => ({ release: 6, backup: null, changes: [] }), 'release.rollback': () => runRecord({ status: 'queued', trigger: 'rollback' }) });
  const refused = await run(['rollback', '6', '-e', 'production']);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /hint: Say it with --yes/);
  assert.equal(paramsOf('release.rollback'), undefined);
  assert.equal((await run(['rollback', '#6', '-e', 'production', '--yes', '--no-wait'])).code, 0);
  assert.deepEqual(paramsOf('release.rollback'), { project: 'shop', environment: 'production', release: 6 });
});

test('a secret comes from standard input and never from an argument', async (t) => {
  const { run, paramsOf } = await shop(t, { 'secret.set': () => ({}) });
  const refused = await run(['secret', 'set', 'SECRET_KEY', 'hunter2', '-e', 'production']);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /got it as an argument\nhint: It is in your shell's history now/);
  assert.doesNotMatch(refused.stderr + refused.stdout, /hunter2/);
  const { code, stdout } = await run(['secret', 'set', 'SECRET_KEY', '-e', 'production'], { input: 'line one\nline two\n' });
  assert.equal(code, 0);
  assert.deepEqual(paramsOf('secret.set'), { project: 'shop', environment: 'production', name: 'SECRET_KEY', value: 'line one\nline two' });
  assert.doesNotMatch(stdout, /line one/);
});

test('an empty secret, a bad name and too much input are refused', async (t) => {
  const { run } = await shop(t, { 'secret.set': () => ({}) });
  assert.match((await run(['secret', 'set', 'KEY', '-e', 'test'], { input: '\n' })).stderr, /error USAGE: Expected a value, got nothing/);
  assert.match((await run(['secret', 'set', 'NO-KEY', '-e', 'test'], { input: 'x' })).stderr, /error USAGE: Expected a name of letters/);
  assert.match((await run(['secret', 'set', 'KEY', '-e', 'test'], { input: 'x'.repeat(70_000) })).stderr, /error LIMIT_REACHED/);
});

test('the list of secrets names those that are missing', async (t) => {
  const { run } = await shop(t, { 'secret.list': () => [{ environment: 'production', name: 'SECRET_KEY', updatedAt: testNow - 7_200_000 }] });
  assert.equal((await run(['secret', 'list'])).stdout, `ENVIRONMENT  SECRET         STATE      CHANGED
production   SECRET_KEY     ✓ set      2h ago
production   MAIL_PASSWORD  ✗ missing  –
`);
});

test('people are added and removed in the file, with its comments kept', async (t) => {
  const own = await mkdtemp(join(folder, 'people-'));
  t.after(() => rm(own, { recursive: true }));
  await writeFile(join(own, 'redcontrol.yml'), configText);
  const boris = `${anna.slice(0, -4)}AAAA`;
  await writeFile(join(own, 'boris.pub'), `${boris} boris@laptop\n`);
  const cli = (args: string[], input?: string) => runTestCli(args, { folder: own, ...(input === undefined ? {} : { input }) });
  const added = await cli(['people', 'add', 'Boris', 'boris.pub', '--role', 'viewer']);
  assert.equal(added.code, 0, added.stderr);
  assert.equal(await readFile(join(own, 'redcontrol.yml'), 'utf8'), `${configText}  - { name: Boris, key: ${boris} boris@laptop, role: viewer }\n`);
  assert.match((await cli(['people', 'list'])).stdout, /^NAME {3}ROLE {4}KEY\nAnna {3}admin {3}SHA256:\S{43}\nBoris {2}viewer {2}SHA256:\S{43}\n$/);
  assert.match((await cli(['people', 'add', 'Twin', '--json'], boris)).stderr, /"code":"CONFLICT"/);
  assert.equal((await cli(['people', 'remove', 'Boris'])).code, 0);
  assert.equal(await readFile(join(own, 'redcontrol.yml'), 'utf8'), configText);
});

test('a private key is refused and not repeated', async () => {
  const { code, stderr } = await runTestCli(['people', 'add', 'Boris'], { folder, input: '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE\n' });
  assert.equal(code, 2);
  assert.match(stderr, /Expected a public key, got a private one/);
  assert.doesNotMatch(stderr, /b3BlbnNz/);
});

test('plan shows what would be done, and what is missing', async (t) => {
  const operations = [
    { id: 'a', kind: 'create', target: 'production', description: 'Create the environment production', warning: null },
    { id: 'b', kind: 'remove', target: 'old', description: 'Remove old', warning: 'Its data is lost.' },
    { id: 'c', kind: 'keep', target: 'test', description: 'Keep test', warning: null },
  ];
  const { run } = await shop(t, { 'project.plan': () => ({ operations, baseRevision: 0 }) });
  assert.equal((await run(['plan'])).stdout, `main
  + Create the environment production
  - Remove old
    ! Its data is lost.
  = 1 thing stays as it is
  ! secret SECRET_KEY of production is not set: redcontrol secret set SECRET_KEY -e production
  ! secret MAIL_PASSWORD of production is not set: redcontrol secret set MAIL_PASSWORD -e production
`);
});

test('apply without a terminal wants --yes, then shows progress and what comes next', async (t) => {
  const { run, paramsOf } = await shop(t, {
    'project.plan': () => ({ operations: [{ id: 'network', kind: 'create', target: 'shop', description: 'Create the network', warning: null }], baseRevision: 2 }),
    'project.apply': ({ progressToken }, { notify }) => {
      for (const state of ['started', 'output', 'done'] as const) notify('progress', { token: progressToken ?? '', operation: 'network', state, text: '' });
      return { revision: 3, changed: true };
    },
    'project.show': () => projectState({ source: { ...projectState().source, state: 'waiting' } }),
    'secret.list': () => [{ environment: 'production', name: 'SECRET_KEY', updatedAt: 1 }],
  });
  const refused = await run(['apply']);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /hint: Say it with --yes, or look only with --dry-run/);
  assert.equal(paramsOf('project.apply'), undefined);
  assert.equal((await run(['apply', '--dry-run'])).code, 0);
  assert.equal(paramsOf('project.apply'), undefined);
  const { code, stdout, stderr } = await run(['apply', '--yes']);
  assert.equal(code, 0, stderr);
  assert.deepEqual({ ...(paramsOf('project.apply') as object), progressToken: '' }, { config: configText, server: 'main', baseRevision: 2, progressToken: '' });
  assert.match(stderr, /✓ Create the network/);
  assert.match(stdout, /give its host this deploy key \(reading is enough\):\n {2}ssh-ed25519 AAAA shop\n/);
  assert.match(stdout, /Secrets that are waited for:\n {2}redcontrol secret set MAIL_PASSWORD -e production\n/);
  assert.match(stdout, /a tag v\* on main deploys to production: https:\/\/shop\.example\.com\n/);
  assert.match(stdout, /at once with a webhook to https:\/\/shop\.example\.com\/\.redcontrol\/webhook\/shop/);
});

test('an error of the daemon is shown with its hint and ends with its code, also as JSON', async (t) => {
  const { run } = await shop(t, { 'run.show': () => { throw new AnswerError({ code: 'NOT_FOUND', message: 'Expected a run, got 99', hint: 'See `redcontrol runs`.' }); } });
  const plain = await run(['run', 'show', '99']);
  assert.deepEqual([plain.code, plain.stderr], [3, 'error NOT_FOUND: Expected a run, got 99\nhint: See `redcontrol runs`.\n']);
  const json = await run(['run', 'show', '99', '--json']);
  assert.deepEqual([json.code, JSON.parse(json.stderr)], [3, { error: { code: 'NOT_FOUND', message: 'Expected a run, got 99', hint: 'See `redcontrol runs`.' } }]);
  assert.equal(json.stdout, '');
});

test('events of other projects are left out, and nothing is told twice', async (t) => {
  const event = (seq: number, project = 'shop'): RedControlEvent => ({ seq, at: testNow - 1000, kind: 'run.queued', project, environment: null, runId: seq, text: `run ${seq}`, data: {} });
  const { run } = await shop(t, {
    'events.follow': (_, { notify }) => { notify('event', event(3)); notify('event', event(4)); return { last: 3 }; },
    'events.list': () => [event(1), event(2, 'blog'), event(3)],
  });
  assert.deepEqual((await run(['events'])).stdout.split('\n').map((line) => line.trim().split(/\s+/)[0]), ['1', '3', '4', '']);
});

test('webhook, databases, revisions and an earlier configuration are shown', async (t) => {
  const { run } = await shop(t, {
    'webhook.show': () => ({ path: '/.redcontrol/webhook/shop', secret: 'abc' }),
    'server.databases': () => [{ engine: 'postgres', versions: ['15', '17'], from: 'debian' }],
    'project.revisions': () => [{ number: 3, appliedAt: testNow - 60_000, appliedBy: 'Anna', summary: 'create test' }],
    'project.config': ({ revision }) => ({ config: `# ${revision}\n`, revision: revision ?? 3 }),
  });
  assert.match((await run(['webhook'])).stdout, /^URL {11}https:\/\/shop\.example\.com\/\.redcontrol\/webhook\/shop\nsecret {8}abc\n/);
  assert.match((await run(['databases'])).stdout, /postgres {2}15, 17 {4}Debian packages/);
  assert.match((await run(['config', 'revisions'])).stdout, / 3 {2}1m ago {3}Anna {2}create test/);
  assert.equal((await run(['config', 'show', '2'])).stdout, '# 2\n');
});

test('doctor finds what is wrong and says what to do', async (t) => {
  const { run } = await shop(t, {
    'server.state': () => ({ hostname: 'h', os: 'Debian', daemonVersion: '0.1.0', contractVersion: 1, engineVersion: null, cpus: 2, loadAverage: 0, memoryTotalBytes: 100, memoryFreeBytes: 50, diskTotalBytes: 100, diskFreeBytes: 5, daemonResidentBytes: 1, startedAt: 0, imageSource: 'hub' }),
    'project.list': () => [projectState({ environments: [environmentState({ health: 'down' })] })],
    'secret.list': () => [{ environment: 'production', name: 'SECRET_KEY', updatedAt: 1 }],
  });
  const { code, stdout } = await run(['doctor']);
  assert.equal(code, 3);
  assert.match(stdout, /✗ server main: Expected the Docker Engine to answer, it does not\n {2}hint: On the server: systemctl status docker/);
  assert.match(stdout, /! server main: 5 B of the disk free/);
  assert.match(stdout, /✗ environment production: Expected https:\/\/shop\.example\.com to answer, it does not/);
  assert.match(stdout, /✗ environment production: Expected the secret MAIL_PASSWORD to be set, it is not/);
});

test('a mistyped command or option is told with the one that was likely meant', async () => {
  const cli = (args: string[]) => runTestCli(args, { folder });
  assert.deepEqual(await cli(['stauts']), { code: 2, stdout: '', stderr: "error USAGE: Unknown command 'stauts'\nhint: Did you mean status?\n" });
  assert.match((await cli(['runs', '--limt', '3'])).stderr, /error USAGE: Unknown option '--limt'\nhint: Did you mean --limit\?/);
  assert.match((await cli(['run', 'show', 'x'])).stderr, /error USAGE: .*Expected a number of 1 or more, got "x"/);
  assert.match((await cli(['run'])).stderr, /error USAGE: Expected one of this command's commands/);
  assert.equal((await cli(['run', '--help'])).code, 0);
});

test('check tells each problem with the line it stands in', async (t) => {
  const own = await mkdtemp(join(folder, 'check-'));
  t.after(() => rm(own, { recursive: true }));
  await writeFile(join(own, 'redcontrol.yml'), configText.replace('secrets:', 'secrts:'));
  const { code, stderr } = await runTestCli(['check'], { folder: own });
  assert.equal(code, 2);
  assert.match(stderr, /error CONFIG_INVALID: Expected a valid configuration, got 1 problem in redcontrol\.yml\n\nredcontrol\.yml:10:5: Expected one of .*got "secrts"\n {2}10 \| {5}secrts: \[SECRET_KEY, MAIL_PASSWORD\]\n {5}\| {5}\^\n {2}hint: Did you mean "secrets"\?\n$/);
  assert.deepEqual((await runTestCli(['check'], { folder })).stdout, '✓ redcontrol.yml is valid: project shop, 2 environments (production, test) on 1 server (main)\n');
  assert.equal((await runTestCli(['check'], { folder: tmpdir() })).code, 2);
});

test('the schema is JSON Schema of the whole configuration', async () => {
  const schema = JSON.parse((await runTestCli(['schema'], { folder })).stdout) as { $schema: string; properties: Record<string, unknown>; required: string[] };
  assert.match(schema.$schema, /draft-07/);
  assert.deepEqual(schema.required, ['project', 'repository', 'servers', 'environments']);
  assert.ok(schema.properties.pipeline);
});

test('maintenance is begun with words and addresses, and ended', async (t) => {
  const maintenance = { at: testNow, by: 'Anna', message: 'Back at 18:00', letIn: ['192.0.2.1', '203.0.113.0/24'] };
  const { run, paramsOf } = await shop(t, { 'maintenance.start': () => environmentState({ maintenance }), 'maintenance.end': () => environmentState({ maintenance: null }) });
  const on = await run(['maintenance', 'on', '-e', 'production', '-m', 'Back at 18:00', '--allow', '192.0.2.1', '--allow', '203.0.113.0/24', '--allow-me']);
  assert.match(on.stdout, /^Visitors of production get the maintenance page \(503\), all but those from 192\.0\.2\.1, 203\.0\.113\.0\/24\. End it with: redcontrol maintenance off -e production$/m);
  assert.deepEqual(paramsOf('maintenance.start'), { project: 'shop', environment: 'production', message: 'Back at 18:00', letIn: ['192.0.2.1', '203.0.113.0/24'], letMeIn: true });
  assert.match((await run(['maintenance', 'off', '-e', 'production'])).stdout, /get the app again/);
  assert.deepEqual(JSON.parse((await run(['maintenance', 'on', '-e', 'production', '--json'])).stdout).maintenance, maintenance);
  assert.equal((await run(['maintenance', 'on', '-e', 'production', '-m', 'two\nlines'])).code === 0, false);
});
