import type { AppProcessState, AuditRecord, BackupRecord, EnvironmentState, JobRunRecord, JobState, ProjectState, ReleaseRecord, RunDetails, RunRecord, ServerState } from '@redcontrol/contract';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const subjects = ['Show the total with tax', 'Keep the cart over a login', 'Mail the receipt as PDF', 'Speed up the product list', 'Fix rounding of discounts', 'Add the address book', 'Let stock be corrected by hand'];
const authors = ['Anna Petrova', 'Boris Weber', 'Chen Li'];

/** A server that looks like one in use, told by the contract. Times count back from `now`. */
export function sampleServer(now: number): ServerState {
  return {
    hostname: 'web-1', os: 'Debian GNU/Linux 12 (bookworm)', daemonVersion: '0.1.0', contractVersion: 1, engineVersion: '20.10.24', cpus: 4, loadAverage: 0.42,
    memoryTotalBytes: 8 * 1024 ** 3, memoryFreeBytes: Math.round(5.1 * 1024 ** 3), diskTotalBytes: 80 * 1024 ** 3, diskFreeBytes: 52 * 1024 ** 3, daemonResidentBytes: 92 * 1024 ** 2, startedAt: now - 9 * 24 * hourMs, imageSource: 'hub',
  };
}

export function sampleRun(id: number, now: number, changes: Partial<RunRecord> = {}): RunRecord {
  const createdAt = now - (1000 - id) * 37 * minuteMs - 3 * minuteMs;
  return {
    id, project: 'shop', trigger: 'push', ref: id % 5 === 0 ? 'feature/address-book' : id % 2 === 0 ? 'main' : 'develop', refKind: 'branch', commit: (id * 2_654_435_761).toString(16).padStart(12, '0').repeat(4).slice(0, 40),
    message: `${subjects[id % subjects.length]}\n\nMore words about it.`, author: authors[id % authors.length]!, authorEmail: 'somebody@example.com', status: id % 9 === 4 ? 'failed' : id % 13 === 5 ? 'superseded' : 'succeeded', error: null,
    environments: id % 5 === 0 ? [] : id % 2 === 0 ? ['production'] : ['test'], attempt: 1, revision: 3, startedBy: '', createdAt, startedAt: createdAt + 900, finishedAt: createdAt + 92_000, ...changes,
  };
}

export function sampleRelease(number: number, now: number, changes: Partial<ReleaseRecord> = {}): ReleaseRecord {
  const createdAt = now - (13 - number) * 26 * hourMs;
  return {
    id: 3 * number + 1, project: 'shop', environment: 'production', number, runId: 980 + number, commit: (number * 40_503_917).toString(16).padStart(10, 'a').repeat(4).slice(0, 40), ref: `v1.${number}.0`, message: subjects[number % subjects.length]!, author: authors[number % 3]!,
    imageId: `sha256:${String(number).padStart(64, '0')}`, state: number === 12 ? 'live' : number === 9 ? 'reverted' : 'retired', error: number === 9 ? { code: 'RELEASE_NOT_READY', message: 'Expected /health to answer 200 within 60s, got 502' } : null,
    rollbackOf: null, revision: number > 10 ? 3 : 2, createdAt, liveAt: number === 9 ? null : createdAt + 21_000 + number * 900, endedAt: number === 12 ? null : number === 9 ? createdAt + minuteMs : createdAt + 25 * hourMs, available: number > 7, ...changes,
  };
}

export function sampleEnvironments(now: number): EnvironmentState[] {
  const base = { project: 'shop', redis: null, certificateError: null, paused: null, maintenance: null };
  return [
    { ...base, name: 'production', url: 'https://shop.example.com', health: 'up', live: sampleRelease(12, now), database: { engine: 'postgres', version: '17', state: 'ready', error: null }, instances: 2, certificateDays: 71 },
    { ...base, name: 'test', url: 'https://test.shop.example.com', health: 'deploying', live: sampleRelease(11, now, { environment: 'test', number: 48, ref: 'develop', state: 'live' }), database: { engine: 'postgres', version: '17', state: 'ready', error: null }, instances: 1, certificateDays: 12,
      apps: [
        { name: 'site', url: 'https://test.shop.example.com', health: 'up', instances: 1, commit: '7'.repeat(40), release: 46 },
        { name: 'api', url: 'https://test.shop.example.com/api', health: 'down', instances: 0, commit: '8'.repeat(40), release: 48 },
      ] },
  ];
}

export function sampleProjects(now: number): ProjectState[] {
  return [
    {
      name: 'shop', repository: 'git@git.example.com:acme/shop.git', framework: 'django', revision: 3, source: { state: 'following', error: null, checkedAt: now - 4000, nextCheckAt: now + 11_000, branches: 6, tags: 12 },
      deployKey: `ssh-ed25519 ${'A'.repeat(68)} redcontrol shop`, webhookPath: '/_redcontrol/webhook/shop', environments: sampleEnvironments(now), lastRun: sampleOpenRun(now), queuedRuns: 1,
    },
    {
      name: 'landing', repository: 'https://git.example.com/acme/landing.git', framework: 'vite', revision: 1, source: { state: 'unreachable', error: 'Expected the repository to answer, got: Permission denied (publickey)', checkedAt: now - 60_000, nextCheckAt: now + 60_000, branches: 0, tags: 0 },
      deployKey: `ssh-ed25519 ${'B'.repeat(68)} redcontrol landing`, webhookPath: '/_redcontrol/webhook/landing', lastRun: null, queuedRuns: 0,
      environments: [{ project: 'landing', name: 'production', url: 'http://203.0.113.10:8000', health: 'never', live: null, database: null, redis: null, instances: 0, certificateDays: null, certificateError: null }],
    },
  ];
}

/** The newest run: under way, with a long log in its second step. */
export function sampleOpenRun(now: number): RunDetails {
  return {
    ...sampleRun(1000, now), ref: 'develop', message: 'Let stock be corrected by hand', status: 'running', environments: ['test'], startedAt: now - 64_000, finishedAt: null, createdAt: now - 65_000, failedTests: [],
    steps: [
      { index: 0, name: 'build', status: 'passed', command: 'pip install -r requirements.txt', exitCode: 0, startedAt: now - 64_000, finishedAt: now - 41_000, logBytes: 0, logSha256: 'a'.repeat(64) },
      { index: 1, name: 'migrate', status: 'passed', command: 'python manage.py migrate', exitCode: 0, startedAt: now - 41_000, finishedAt: now - 33_000, logBytes: 0, logSha256: 'b'.repeat(64) },
      { index: 2, name: 'test', status: 'running', command: 'python manage.py test', exitCode: null, startedAt: now - 33_000, finishedAt: null, logBytes: 0, logSha256: null },
    ],
  };
}

/** A run that failed in its tests. */
export function sampleFailedRun(now: number): RunDetails {
  const steps = sampleOpenRun(now).steps.map((step, index) => ({ ...step, startedAt: now - 300_000 + index * 20_000, finishedAt: now - 285_000 + index * 20_000 }));
  return {
    ...sampleRun(994, now), status: 'failed', createdAt: now - 301_000, startedAt: now - 300_000, finishedAt: now - 245_000, error: { code: 'STEP_FAILED', message: 'Expected step test to exit with 0, got 1' },
    steps: steps.map((step) => (step.index === 2 ? { ...step, status: 'failed' as const, exitCode: 1, logSha256: 'c'.repeat(64) } : step)),
    apps: [
      { name: 'site', concerned: false, reason: 'unchanged', detail: '77777777', text: 'site: none of its files changed since 77777777, it is left as it is.' },
      { name: 'api', concerned: true, reason: 'changed', detail: 'api/cart.py', text: 'api: api/cart.py changed.' },
    ],
    failedTests: [{ suite: 'cart.tests.TotalTest', name: 'test_total_with_tax', message: 'AssertionError: Decimal(\'118.99\') != Decimal(\'119.00\')' }, { suite: 'cart.tests.TotalTest', name: 'test_total_of_nothing', message: 'ZeroDivisionError: division by zero' }],
  };
}

/** Starts of a nightly job, the newest first: the last one failed. */
export function sampleJobRuns(now: number): JobRunRecord[] {
  return Array.from({ length: 8 }, (_, index): JobRunRecord => {
    const dueAt = now - (index * 24 + 5) * hourMs;
    const hasFailed = index === 0;
    return {
      id: 80 - index, project: 'shop', environment: 'production', job: 'cleanup', status: index === 4 ? 'missed' : hasFailed ? 'failed' : 'succeeded', trigger: 'schedule', startedBy: '',
      command: 'python manage.py clearsessions', release: 12, attempt: hasFailed ? 3 : 1, exitCode: index === 4 ? null : hasFailed ? 1 : 0,
      error: hasFailed ? { code: 'JOB_FAILED', message: 'Expected job cleanup to end with exit code 0, got 1' } : null, missedCount: index === 4 ? 2 : 0,
      dueAt, startedAt: index === 4 ? null : dueAt + 400, finishedAt: dueAt + 41_000, logBytes: 120, logSha256: 'd'.repeat(64),
    };
  });
}

export function sampleJobs(now: number): JobState[] {
  const base = { project: 'shop', environment: 'production', overlap: 'skip' as const, pausedBy: null, pausedAt: null, open: 0 };
  return [
    { ...base, name: 'cleanup', command: 'python manage.py clearsessions', cron: '0 3 * * *', timeZone: 'Europe/Moscow', state: 'failing', nextAt: now + 19 * hourMs, last: sampleJobRuns(now)[0]! },
    { ...base, name: 'report', command: 'python manage.py report', cron: '0 8 * * MON', timeZone: 'UTC', state: 'paused', nextAt: null, pausedBy: 'Anna Petrova', pausedAt: now - hourMs, last: null },
  ];
}

/** Backups in each of their states. */
export function sampleBackups(now: number): BackupRecord[] {
  const base = { project: 'shop', environment: 'production', place: 'local', error: null, release: null, startedBy: 'schedule', proofAt: null, proofError: null };
  const file = { name: 'database.pgdump.age', kind: 'database' as const, volume: null, engine: 'postgres' as const, version: '17', bytes: 48_300_112, sha256: 'd'.repeat(64), rows: [{ table: 'public.orders', least: 18_204, most: 18_204 }] };
  const made = (id: number, change: Partial<BackupRecord>): BackupRecord => ({ ...base, id, reason: 'schedule', state: 'ready', files: [file], bytes: file.bytes, createdAt: now - (20 - id) * 24 * hourMs, finishedAt: now - (20 - id) * 24 * hourMs + 8_400, proof: 'unproven', ...change });
  return [
    made(19, { reason: 'migration', release: 12 }),
    made(18, { proof: 'proven', proofAt: now - 40 * hourMs }),
    made(17, { state: 'failed', files: [], bytes: 0, error: { code: 'DISK_FULL', message: 'Expected to keep 512 MB free on the disk of /var/lib/redcontrol/backups, got 310 MB of 20.0 GB' } }),
    made(16, { proof: 'failed', proofAt: now - 70 * hourMs, proofError: 'Expected a whole file encrypted with this server\'s key, got: invalid tag', reason: 'manual', startedBy: 'Anna Petrova' }),
  ];
}

export function sampleProcesses(now: number): AppProcessState[] {
  const base = { release: 12, state: 'running' as const, startedAt: now - 5 * hourMs, restarts: 0, exitCode: null, memoryBytes: 130 * 1024 ** 2, memoryLimitBytes: 512 * 1024 ** 2, cpus: 0.07, processCount: 9 };
  return [
    { process: 'web', command: 'gunicorn shop.wsgi', wanted: 2, stopped: false, crashLoopSince: null, instances: [1, 2].map((instance) => ({ ...base, process: 'web', instance, name: `r12-web-${instance}` })) },
    { process: 'worker', command: 'celery -A shop worker', wanted: 1, stopped: false, crashLoopSince: now - hourMs, instances: [{ ...base, process: 'worker', instance: 1, name: 'r12-worker-1', restarts: 14, exitCode: 1 }] },
    { process: 'mail', command: 'python mail.py', wanted: 0, stopped: true, crashLoopSince: null, instances: [] },
  ];
}

export function sampleAudit(now: number): AuditRecord[] {
  const base = { at: now - hourMs, name: 'Anna Petrova', role: 'admin', key: `SHA256:${'a'.repeat(43)}`, from: '198.51.100.7', project: 'shop', environment: 'production', errorCode: null };
  return [
    { ...base, seq: 3, method: 'app.exec', detail: 'process web, instance 1, command python manage.py shell', outcome: 'asked' },
    { ...base, seq: 2, name: 'Boris Weber', role: 'developer', method: 'secret.set', detail: 'name TOKEN', outcome: 'refused', errorCode: 'FORBIDDEN' },
  ];
}
