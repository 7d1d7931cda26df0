import type { BackupRecord, EnvironmentState, ProjectState, ReleaseRecord, RunDetails, RunRecord, StepRecord } from '@redcontrol/contract';

/** The moment at which the records below were made. */
export const testNow = 1_800_000_000_000;
const minute = 60_000;

export function runRecord(change: Partial<RunRecord> = {}): RunRecord {
  return {
    id: 12, project: 'shop', trigger: 'push', ref: 'main', refKind: 'branch', commit: '1a2b3c4d5e6f7890aaaabbbbccccddddeeeeffff', message: 'Fix the cart\n\nIt was empty.',
    author: 'Anna', authorEmail: 'anna@example.com', status: 'succeeded', error: null, environments: ['production'], attempt: 1, revision: 3, startedBy: 'push',
    createdAt: testNow - 5 * minute, startedAt: testNow - 5 * minute + 500, finishedAt: testNow - 4 * minute, ...change,
  };
}

export function stepRecord(change: Partial<StepRecord> = {}): StepRecord {
  return { index: 0, name: 'test', status: 'passed', command: 'npm test', exitCode: 0, startedAt: testNow - 4 * minute, finishedAt: testNow - 4 * minute + 1100, logBytes: 0, logSha256: null, ...change };
}

export function runDetails(change: Partial<RunDetails> = {}): RunDetails {
  return { ...runRecord(), steps: [stepRecord()], failedTests: [], ...change };
}

export function releaseRecord(change: Partial<ReleaseRecord> = {}): ReleaseRecord {
  return {
    id: 40, project: 'shop', environment: 'production', number: 7, runId: 12, commit: '1a2b3c4d5e6f7890aaaabbbbccccddddeeeeffff', ref: 'main', message: 'Fix the cart', author: 'Anna',
    imageId: 'sha256:abc', state: 'live', error: null, rollbackOf: null, revision: 3, createdAt: testNow - 5 * minute, liveAt: testNow - 4 * minute, endedAt: null, available: true, ...change,
  };
}

export function environmentState(change: Partial<EnvironmentState> = {}): EnvironmentState {
  return {
    project: 'shop', name: 'production', url: 'https://shop.example.com', health: 'up', live: releaseRecord(), database: { engine: 'postgres', version: '17', state: 'ready', error: null },
    redis: null, instances: 1, certificateDays: 80, certificateError: null, ...change,
  };
}

export function projectState(change: Partial<ProjectState> = {}): ProjectState {
  return {
    name: 'shop', repository: 'git@git.example.com:acme/shop.git', framework: 'node', revision: 3,
    source: { state: 'following', error: null, checkedAt: testNow - 3000, nextCheckAt: testNow + 12_000, branches: 2, tags: 1 },
    deployKey: 'ssh-ed25519 AAAA shop', webhookPath: '/.redcontrol/webhook/shop', environments: [environmentState()], lastRun: runRecord(), queuedRuns: 0, ...change,
  };
}

export function backupRecord(change: Partial<BackupRecord> = {}): BackupRecord {
  return {
    id: 5, project: 'shop', environment: 'production', reason: 'migration', state: 'ready', place: 'local', bytes: 2048, error: null, release: 7, startedBy: 'release #7',
    files: [{ name: 'database.pgdump.age', kind: 'database', volume: null, engine: 'postgres', version: '17', bytes: 2048, sha256: 'ab'.repeat(32), rows: [{ table: 'public.orders', least: 40, most: 40 }] }],
    createdAt: testNow - 5 * minute, finishedAt: testNow - 5 * minute + 1200, proof: 'unproven', proofAt: null, proofError: null, ...change,
  };
}
