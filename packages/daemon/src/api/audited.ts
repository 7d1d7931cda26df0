import { asRedControlError, type MethodName } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { addAudit, findPerson } from '../store/index.ts';
import type { Caller } from './caller.ts';

/** Methods that neither change nor reveal anything; every other one is written down, so a new one is by itself. */
const unheard = new Set<MethodName>([
  'hello', 'server.state', 'server.backup-read', 'server.databases', 'project.plan', 'project.list', 'project.show', 'project.revisions', 'source.inspect', 'run.list', 'run.show', 'run.wait',
  'log.read', 'release.list', 'release.changes', 'release.rollback-choices', 'database.kept', 'database.show', 'job.list', 'job.history', 'job.log', 'environment.list', 'environment.logs', 'preview.list', 'app.list', 'app.follow', 'app.input', 'app.resize',
  'secret.list', 'people.list', 'backup.list', 'backup.show', 'events.follow', 'events.list', 'audit.list', 'metrics.environment', 'metrics.server', 'alerts.list',
]);

interface Asked {
  method: MethodName;
  params: unknown;
  /** Fingerprint of the key, or `local`. */
  as: string;
  from: string | undefined;
}

const maxDetailLength = 300;
/** What a call was about; never values of secrets, configurations or input. */
const told = ['ref', 'branch', 'keep', 'run', 'release', 'job', 'start', 'process', 'instance', 'instances', 'command', 'name', 'channel', 'backup', 'server', 'data', 'revision', 'message', 'letIn'] as const;

/** Writes down who asks for what before it is done, and who was refused. */
export function audited(daemon: DaemonContext, asked: Asked, authorize: () => Caller): Caller {
  try {
    const caller = authorize();
    write(daemon, { ...asked, caller }, 'asked');
    return caller;
  } catch (thrown) {
    const person = asked.as === 'local' ? undefined : findPerson(daemon.store, asked.as);
    write(daemon, { ...asked, caller: { name: person?.name ?? '', role: person?.role ?? 'viewer', projects: [] } }, 'refused', asRedControlError(thrown).code);
    throw thrown;
  }
}

/** Writes down that what was asked for failed. */
export async function auditFailure<T>(daemon: DaemonContext, asked: Asked & { caller: Caller }, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    write(daemon, asked, 'failed', asRedControlError(thrown).code);
    throw thrown;
  }
}

function write(daemon: DaemonContext, { method, params, as, from, caller }: Asked & { caller: Caller }, outcome: 'asked' | 'refused' | 'failed', errorCode: string | null = null): void {
  if (unheard.has(method) && outcome !== 'refused') return;
  const { project, environment } = params as { project?: unknown; environment?: unknown };
  daemon.store.transaction(() => addAudit(daemon.store, {
    at: daemon.clock.now(), name: caller.name, role: caller.role, key: as, from: from ?? null, method,
    project: typeof project === 'string' ? project : null, environment: typeof environment === 'string' ? environment : null,
    detail: detailOf(method, params as Record<string, unknown>), outcome, errorCode,
  }));
}

function detailOf(method: MethodName, params: Record<string, unknown>): string {
  const parts = told.filter((key) => params[key] !== undefined && !(key === 'data' && method !== 'project.remove'));
  return parts.map((key) => `${key} ${Array.isArray(params[key]) ? params[key].join(' ') : String(params[key])}`).join(', ').replace(/\p{Cc}+/gu, ' ').slice(0, maxDetailLength);
}
