import { createHash } from 'node:crypto';
import { RedControlError, type Params, type Result } from '@redcontrol/contract';
import { startTestDaemon, AnswerError, type TestCall, type TestMethods } from '../../client/src/test-daemon.ts';
import { sampleEnvironmentMetrics, sampleServerMetrics } from './sample-metrics.ts';
import { sampleEvents } from './sample-events.ts';
import { sampleAudit, sampleBackups, sampleFailedRun, sampleJobRuns, sampleJobs, sampleOpenRun, sampleProcesses, sampleProjects, sampleRelease, sampleRun, sampleServer } from './sample-data.ts';

/** Logs by `run/step`. */
export type SampleLogs = Map<string, Buffer>;

export interface ContractServer {
  logs: SampleLogs;
  calls: { method: string; params: unknown }[];
  /** Sends a message of the daemon's own to whoever follows it. */
  notify: TestCall['notify'];
  close(): Promise<void>;
}

/** A server's daemon made from the contract alone, on a unix socket, with a shop that is in use. */
export async function startContractServer(socket: string, changes: TestMethods = {}): Promise<ContractServer> {
  const now = Date.now();
  let tell: TestCall['notify'] = () => {};
  const logs: SampleLogs = new Map([['1000/2', sampleLog(400)], ['994/2', failedLog()], ['1000/0', sampleLog(40)], ['1000/1', sampleLog(12)]]);
  const answers: TestMethods = {
    'server.state': () => sampleServer(now),
    'server.databases': () => [{ engine: 'postgres', versions: ['18', '17', '16', '15'], from: 'hub' }, { engine: 'mariadb', versions: ['11.8', '10.11'], from: 'debian' }, { engine: 'redis', versions: ['8', '7'], from: 'hub' }],
    'project.list': () => sampleProjects(now),
    'project.show': ({ project }) => found(sampleProjects(now).find(({ name }) => name === project)),
    'environment.list': ({ project }) => found(sampleProjects(now).find(({ name }) => name === project)).environments,
    'run.list': ({ project, limit = 20 }) => (project === 'landing' ? [] : sampleRuns(now).slice(0, limit)),
    'run.show': ({ run }) => withLogSizes(run === 1000 ? sampleOpenRun(now) : run === 994 ? sampleFailedRun(now) : { ...sampleRun(run, now), steps: sampleOpenRun(now).steps, failedTests: [] }, logs),
    'log.read': (params) => readLog(logs, params),
    'release.list': ({ project, environment }) => (project === 'shop' && environment === 'production' ? Array.from({ length: 12 }, (_, index) => sampleRelease(12 - index, now)) : []),
    'release.changes': () => ({ added: [{ commit: 'ab'.repeat(20), message: 'Keep the cart over a login', author: 'Boris Weber', time: now - 7_200_000 }, { commit: 'cd'.repeat(20), message: 'Mail the receipt as PDF', author: 'Chen Li', time: now - 9_000_000 }], removed: [], complete: true }),
    'environment.pause': ({ environment }) => ({ ...found(sampleProjects(now)[0]?.environments.find(({ name }) => name === environment)), paused: { at: now, by: 'Anna Petrova' } }),
    'environment.resume': ({ environment }) => found(sampleProjects(now)[0]?.environments.find(({ name }) => name === environment)),
    'maintenance.start': ({ environment, message = null, letIn = [] }) => ({ ...found(sampleProjects(now)[0]?.environments.find(({ name }) => name === environment)), maintenance: { at: now, by: 'Anna Petrova', message, letIn } }),
    'maintenance.end': ({ environment }) => found(sampleProjects(now)[0]?.environments.find(({ name }) => name === environment)),
    'environment.logs': () => ({ text: 'GET / 200 12ms\nGET /cart 200 31ms\nWARNING slow query: 210ms\n' }),
    'app.list': () => sampleProcesses(now),
    'app.restart': () => sampleProcesses(now),
    'app.start': () => sampleProcesses(now),
    'app.scale': () => sampleProcesses(now),
    'alerts.list': () => [],
    'metrics.environment': ({ lastMs, points }) => sampleEnvironmentMetrics(now, { lastMs, points }),
    'metrics.server': ({ lastMs, points }) => sampleServerMetrics(now, { lastMs, points }),
    'audit.list': () => sampleAudit(now),
    'job.list': () => sampleJobs(now),
    'job.history': () => sampleJobRuns(now),
    'job.log': () => ({ data: Buffer.from('\u001b[31mOperationalError\u001b[0m: no such table\n').toString('base64'), nextOffset: 120, totalBytes: 120, closed: true, run: sampleJobRuns(now)[0]! }),
    'job.run': () => sampleJobRuns(now)[0]!,
    'job.pause': () => sampleJobs(now)[0]!,
    'job.resume': () => sampleJobs(now)[1]!,
    'release.rollback-choices': ({ release }) => ({ release: release ?? 11, backup: release === 11 ? sampleBackups(now)[0]! : null, changes: [{ table: 'public.orders', before: 18_204, now: 18_311 }] }),
    'backup.list': ({ environment }) => (environment === 'production' ? sampleBackups(now) : []),
    'database.kept': ({ environment }) => (environment === 'production' ? [{ volume: 'redcontrol-shop--production-database-1', engine: 'postgres', version: '16', keptAt: now - 86_400_000 }] : []),
    'database.forget': () => ({}),
    'database.upgrade': ({ to }) => ({ from: '17', to, backup: 9, oldVolume: 'redcontrol-shop--production-database-2' }),
    'secret.list': () => [{ environment: 'production', name: 'SECRET_KEY', updatedAt: now - 86_400_000 }],
    'project.revisions': () => [{ number: 3, appliedAt: now - 86_400_000, appliedBy: 'Anna Petrova', summary: '2 changes' }],
    'project.config': ({ revision = 3 }) => ({ config: sampleRevision(revision), revision }),
    'people.list': () => [{ fingerprint: 'SHA256:abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG', name: 'Anna Petrova', role: 'admin', projects: [] }],
    'events.list': () => sampleEvents(now),
    'events.follow': (_params, call) => {
      tell = call.notify;
      return { last: 41 };
    },
    'project.plan': () => ({ baseRevision: 3, operations: [
      { id: 'environment test', kind: 'create', target: 'test', description: 'Set up environment test on develop', warning: null },
      { id: 'database test', kind: 'create', target: 'test', description: 'Start PostgreSQL 17 for test', warning: null },
      { id: 'domain production', kind: 'change', target: 'production', description: 'Answer for shop.example.com', warning: 'Requests to the old domain end.' },
    ] }),
    'project.apply': async ({ progressToken: token = '' }, call) => {
      for (const operation of ['environment test', 'database test', 'domain production']) {
        call.notify('progress', { token, operation, state: 'started', text: '' });
        call.notify('progress', { token, operation, state: 'output', text: `working on ${operation}` });
        await new Promise((resolve) => setTimeout(resolve, 150));
        if (call.token.isCancellationRequested) throw new AnswerError({ code: 'CANCELLED', message: 'Cancelled' });
        call.notify('progress', { token, operation, state: 'done', text: '' });
      }
      return { revision: 4, changed: true };
    },
    'secret.set': () => ({}),
    'secret.remove': () => ({}),
    'source.inspect': () => ({ branches: ['main', 'develop'], tags: ['v1.4.0'], deployKey: `ssh-ed25519 ${'D'.repeat(68)} redcontrol` }),
    'source.look': () => ({ started: [] }),
    'release.rollback': () => sampleOpenRun(now),
    deploy: () => sampleOpenRun(now),
    'webhook.show': () => ({ path: '/_redcontrol/webhook/shop', secret: 'f3b1c0ffee' }),
    'run.cancel': ({ run }) => ({ ...sampleRun(run, now), status: 'cancelled' }),
    'run.retry': () => sampleOpenRun(now),
    ...changes,
  };
  const daemon = await startTestDaemon(socket, answers);
  return { logs, calls: daemon.calls, notify: (name, body) => tell(name, body), close: () => daemon.close() };
}

/** The configuration as it was applied: its debug switch and mail host changed with revision 3. */
function sampleRevision(revision: number): string {
  return `project: shop\nenvironments:\n  production:\n    deploy: { branch: main }\n    variables: { DEBUG: "${revision > 2 ? 0 : 1}"${revision > 2 ? ', MAIL_HOST: mail.example.com' : ''} }\n`;
}

function sampleRuns(now: number) {
  const { steps: _, failedTests: __, ...open } = sampleOpenRun(now);
  return [open, ...Array.from({ length: 999 }, (_unused, index) => sampleRun(999 - index, now))];
}

function readLog(logs: SampleLogs, { run, step, offset, limit = 262_144 }: Params<'log.read'>): Result<'log.read'> {
  const log = logs.get(`${run}/${step}`) ?? Buffer.alloc(0);
  const data = log.subarray(offset, offset + limit);
  const isClosed = run !== 1000 || step !== 2;
  return { data: data.toString('base64'), nextOffset: offset + data.length, totalBytes: log.length, closed: isClosed, sha256: isClosed ? createHash('sha256').update(`${run}/${step}`).digest('hex') : null };
}

function withLogSizes<R extends { id: number; steps: { index: number; logBytes: number }[] }>(run: R, logs: SampleLogs): R {
  return { ...run, steps: run.steps.map((step) => ({ ...step, logBytes: logs.get(`${run.id}/${step.index}`)?.length ?? 0 })) };
}

function found<T>(value: T | undefined): T {
  if (value !== undefined) return value;
  throw new AnswerError(new RedControlError('NOT_FOUND', 'Expected a project of this server, got another').toJSON());
}

/** Lines as test tools write them, with colours. */
export function sampleLog(lines: number): Buffer {
  return Buffer.from(Array.from({ length: lines }, (_, index) => `\u001b[32mok\u001b[0m ${index + 1} shop/tests/test_cart.py::test_case_${index} \u001b[2m(${(index * 7) % 90} ms)\u001b[0m\n`).join(''));
}

function failedLog(): Buffer {
  return Buffer.from(`Found 212 test(s).\nCreating test database for alias 'default'...\n${'.'.repeat(120)}\n\u001b[31m\u001b[1mFAIL\u001b[0m: test_total_with_tax (cart.tests.TotalTest)\n----------------------------------------------------------------------\nTraceback (most recent call last):\n  File "/app/cart/tests.py", line 41, in test_total_with_tax\n    self.assertEqual(total, Decimal('119.00'))\nAssertionError: Decimal('118.99') != Decimal('119.00')\n\nRan 212 tests in 14.2s\n\n\u001b[31mFAILED (failures=1, errors=1)\u001b[0m\n`);
}

