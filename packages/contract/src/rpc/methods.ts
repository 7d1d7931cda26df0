import * as z from 'zod';
import { alert } from '../model/alert.ts';
import { appProcessState } from '../model/app.ts';
import { auditRecord } from '../model/audit.ts';
import { backupRecord, rollbackChoices, rowCount } from '../model/backup.ts';
import { channelSecretPlace, channelTest } from '../model/channel.ts';
import { event } from '../model/event.ts';
import { jobRunRecord, jobState } from '../model/job.ts';
import { environmentMetrics, metricsSpanMs, serverMetrics } from '../model/metrics.ts';
import { operation } from '../model/operation.ts';
import { personRecord, roles, type Role } from '../model/person.ts';
import { environmentState, projectState, revisionRecord, serverState } from '../model/project.ts';
import { releaseRecord } from '../model/release.ts';
import { previewState } from '../model/preview.ts';
import { runDetails, runRecord } from '../model/run.ts';
import { databaseEngines } from '../config/database.ts';
import { name, network, processName, variableName, version } from '../config/names.ts';
import { repositoryUrl } from '../config/repository-url.ts';

/** Raised with every change of a method or message that an older side cannot understand. */
export const contractVersion = 1;

const project = z.object({ project: name });
const ofEnvironment = project.extend({ environment: name });
/** An environment, or the place of the secrets that channels use. */
const ofSecrets = project.extend({ environment: z.union([name, z.literal(channelSecretPlace)]) });
const ofProcess = ofEnvironment.extend({ process: processName.optional() });
/** Which lines of an app's log: of one process, not before a time (ms since 1970), containing a text. */
const logChoice = { process: processName.optional(), since: z.int().min(0).optional(), grep: z.string().min(1).max(500).optional() };
const maintenanceMessage = z.string().trim().regex(/^[^\p{Cc}]{1,500}$/u, { error: 'one line of at most 500 characters' });
const terminalSize = { columns: z.int().min(1).max(1000), rows: z.int().min(1).max(1000) };
const session = z.object({ session: z.string().min(1).max(60) });
const ofJob = ofEnvironment.extend({ job: name });
const ofDatabase = ofEnvironment.extend({ role: z.enum(['database', 'redis']).default('database') });
const ofBackup = project.extend({ backup: z.int().min(1) });
const runId = z.object({ run: z.int().min(1) });
/** A configuration, and which of its servers this daemon is; left out: that of all environments. */
const configOfServer = z.object({ config: z.string().max(1_000_000), server: name.optional() });
/** Figures of so long until now (30 days are kept), put together into so many at most. */
const span = z.object({ lastMs: z.int().min(metricsSpanMs.least).max(metricsSpanMs.most), points: z.int().min(1).max(1000).default(240) });
const nothing = z.object({});
const commitSummary = z.object({ commit: z.string(), message: z.string(), author: z.string(), time: z.int() });

/**
 * All methods of the daemon: who may call each, what it takes, what it answers.
 * A method with `streams: true` sends `progress` notifications while it works.
 */
export const methods = {
  hello: method('viewer', z.object({ contractVersion: z.int(), client: z.string().max(100) }), z.object({
    contractVersion: z.int(), daemonVersion: z.string(), name: z.string(), role: z.enum(roles), projects: z.array(z.string()),
  })),
  'server.state': method('viewer', nothing, serverState),
  /** Makes a file of the server's own state, encrypted with the key of its backups; it can be read while the connection lasts. */
  'server.backup': method('admin', nothing, z.object({ archive: z.string(), bytes: z.int(), sha256: z.string(), hostname: z.string() })),
  'server.backup-read': method('admin', z.object({ archive: z.string().max(60), offset: z.int().min(0), limit: z.int().min(1).max(1_048_576).default(1_048_576) }), z.object({
    /** Base64 of the bytes from `offset`; empty at the end. */
    data: z.string(),
  })),
  'server.databases': method('viewer', nothing, z.array(z.object({ engine: z.enum(databaseEngines), versions: z.array(z.string()), from: z.enum(['hub', 'debian']) }))),
  'project.plan': method('admin', configOfServer, z.object({
    operations: z.array(operation), baseRevision: z.int(),
    /** What the configuration asks for that this daemon does not do; left out by daemons that do not tell. */
    notYetUsed: z.array(z.object({ path: z.array(z.union([z.string(), z.int()])), text: z.string() })).optional(),
  })),
  'project.apply': method('admin', configOfServer.extend({ baseRevision: z.int().optional(), progressToken: z.string().optional() }), z.object({ revision: z.int(), changed: z.boolean() })),
  'project.list': method('viewer', nothing, z.array(projectState)),
  'project.show': method('viewer', project, projectState),
  'project.config': method('admin', project.extend({ revision: z.int().optional() }), z.object({ config: z.string(), revision: z.int() })),
  'project.revisions': method('admin', project, z.array(revisionRecord)),
  'project.remove': method('admin', project.extend({ data: z.boolean().default(false), progressToken: z.string().optional() }), nothing),
  'source.look': method('developer', project, z.object({ started: z.array(z.int()) })),
  'source.inspect': method('admin', z.object({ repository: repositoryUrl, project: name.optional() }), z.object({
    branches: z.array(z.string()), tags: z.array(z.string()), deployKey: z.string(),
  })),
  'webhook.show': method('admin', project, z.object({ path: z.string(), secret: z.string() })),
  'run.list': method('viewer', z.object({ project: name.optional(), limit: z.int().min(1).max(1000).default(20), before: z.int().optional() }), z.array(runRecord)),
  'run.show': method('viewer', runId, runDetails),
  'run.cancel': method('developer', runId, runRecord),
  'run.retry': method('developer', runId, runRecord),
  'run.wait': method('viewer', project.extend({ commit: z.string(), timeoutMs: z.int().max(3_600_000) }), runRecord.nullable()),
  deploy: method('admin', ofEnvironment.extend({ ref: z.string().min(1).max(200) }), runRecord),
  'log.read': method('viewer', runId.extend({ step: z.int(), offset: z.int().min(0), limit: z.int().min(1).max(1_048_576).default(262_144) }), z.object({
    /** Base64 of the bytes from `offset`. */
    data: z.string(), nextOffset: z.int(), totalBytes: z.int(), closed: z.boolean(), sha256: z.string().nullable(),
  })),
  'release.list': method('viewer', ofEnvironment.extend({ limit: z.int().min(1).max(1000).default(20) }), z.array(releaseRecord)),
  /** `backup`: its data come back with the release. */
  'release.rollback': method('admin', ofEnvironment.extend({ release: z.int().optional(), backup: z.int().min(1).optional() }), runRecord),
  'release.rollback-choices': method('admin', ofEnvironment.extend({ release: z.int().optional() }), rollbackChoices),
  /** Commits that one release, by its number, has and the other has not; newest first. */
  'release.changes': method('viewer', ofEnvironment.extend({ from: z.int().min(1), to: z.int().min(1) }), z.object({ added: z.array(commitSummary), removed: z.array(commitSummary), complete: z.boolean() })),
  'job.list': method('viewer', project.extend({ environment: name.optional() }), z.array(jobState)),
  'job.history': method('viewer', ofJob.extend({ limit: z.int().min(1).max(1000).default(20), before: z.int().optional() }), z.array(jobRunRecord)),
  'job.run': method('admin', ofJob, jobRunRecord),
  'job.pause': method('admin', ofJob, jobState),
  'job.resume': method('admin', ofJob, jobState),
  /** Stops one start of it, or all that are open; answers those that were stopped. */
  'job.cancel': method('developer', ofJob.extend({ start: z.int().min(1).optional() }), z.array(jobRunRecord)),
  /** `waitMs`: how long to wait for more than is there at `offset`. */
  'job.log': method('developer', ofJob.extend({ start: z.int().min(1), offset: z.int().min(0), limit: z.int().min(1).max(1_048_576).default(262_144), waitMs: z.int().min(0).max(20_000).default(0) }), z.object({
    /** Base64 of the bytes from `offset`. */
    data: z.string(), nextOffset: z.int(), totalBytes: z.int(), closed: z.boolean(), run: jobRunRecord,
  })),
  'environment.list': method('viewer', project, z.array(environmentState)),
  /** Pushes are tested and not deployed there until it is resumed; what is queued or under way goes on. */
  'environment.pause': method('admin', ofEnvironment, environmentState),
  'environment.resume': method('admin', ofEnvironment, environmentState),
  /** Shows the maintenance page instead of the app, at once and over restarts, until it is ended; again: with other words or addresses. `letMeIn`: also lets in where the caller comes from. */
  'maintenance.start': method('admin', ofEnvironment.extend({ message: maintenanceMessage.optional(), letIn: z.array(network).max(50).default([]), letMeIn: z.boolean().default(false) }), environmentState),
  'maintenance.end': method('admin', ofEnvironment, environmentState),
  /** Branches' own environments, the one pushed to last first. */
  'preview.list': method('viewer', project, z.array(previewState)),
  /** Makes that of a branch that nobody has just pushed, and deploys to it. */
  'preview.create': method('admin', project.extend({ branch: z.string().min(1).max(200) }), runRecord),
  /** It is removed at once with its data; the next push to the branch makes a new one. */
  'preview.remove': method('admin', ofEnvironment, previewState),
  /** A kept one ends only with its branch. */
  'preview.keep': method('admin', ofEnvironment.extend({ keep: z.boolean() }), previewState),
  'environment.logs': method('developer', ofEnvironment.extend({ lines: z.int().min(1).max(10_000).default(200), ...logChoice }), z.object({ text: z.string() })),
  /** Tells what the app prints by `app-log` until the call is cancelled; over releases too. */
  'app.follow': method('developer', ofEnvironment.extend({ lines: z.int().min(0).max(10_000).default(50), token: z.string().min(1).max(60), ...logChoice }), nothing),
  'metrics.environment': method('viewer', ofEnvironment.extend(span.shape), environmentMetrics),
  /** What is wrong now, the oldest first; of all projects that the caller may see where none is named. */
  'alerts.list': method('viewer', z.object({ project: name.optional() }), z.array(alert)),
  'metrics.server': method('viewer', span, serverMetrics),
  'app.list': method('viewer', ofEnvironment, z.array(appProcessState)),
  'app.restart': method('admin', ofProcess, z.array(appProcessState)),
  'app.stop': method('admin', ofProcess, z.array(appProcessState)),
  'app.start': method('admin', ofProcess, z.array(appProcessState)),
  'app.scale': method('admin', ofEnvironment.extend({ process: processName, instances: z.int().min(0).max(100) }), z.array(appProcessState)),
  /** Runs a command in a live container; without one a shell. Its output comes as `app-output`, its input by `app.input`. */
  'app.exec': method('admin', ofEnvironment.extend({
    ...session.shape, process: processName.default('web'), instance: z.int().min(1).max(100).default(1), command: z.array(z.string().max(10_000)).min(1).max(200).optional(),
    terminal: z.object(terminalSize).optional(),
  }), z.object({ exitCode: z.int() })),
  /** Base64 of what the program reads next; `end` closes its standard input. */
  'app.input': method('admin', session.extend({ data: z.string().max(1_000_000), end: z.boolean().default(false) }), nothing),
  'app.resize': method('admin', session.extend(terminalSize), nothing),
  'audit.list': method('admin', z.object({ limit: z.int().min(1).max(1000).default(100), before: z.int().optional() }), z.array(auditRecord)),
  'secret.set': method('admin', ofSecrets.extend({ name: variableName, value: z.string().max(65_536) }), nothing),
  'secret.list': method('admin', project, z.array(z.object({ environment: z.string(), name: z.string(), updatedAt: z.int() }))),
  'secret.remove': method('admin', ofSecrets.extend({ name: variableName }), nothing),
  'channel.test': method('admin', project.extend({ channel: name }), channelTest),
  'backup.list': method('viewer', project.extend({ environment: name.optional(), limit: z.int().min(1).max(1000).default(50) }), z.array(backupRecord)),
  'backup.show': method('viewer', ofBackup, backupRecord),
  'backup.create': method('admin', ofEnvironment.extend({ progressToken: z.string().optional() }), backupRecord),
  'backup.remove': method('admin', ofBackup, nothing),
  'backup.verify': method('admin', ofBackup.extend({ progressToken: z.string().optional() }), backupRecord),
  /** The age identity that opens the backups of this server. */
  'backup.key': method('admin', nothing, z.object({ identity: z.string(), recipient: z.string(), file: z.string() })),
  'backup.restore': method('admin', ofBackup.extend({ environment: name, progressToken: z.string().optional() }), z.object({
    /** Made of what was there before. */
    safetyBackup: z.int().nullable(), oldVolumes: z.array(z.string()),
  })),
  'database.upgrade': method('admin', ofDatabase.extend({ to: version, progressToken: z.string().optional() }), z.object({ from: z.string(), to: z.string(), backup: z.int(), oldVolume: z.string() })),
  /** What a database has now; bytes and tables are null where it has no tables. */
  'database.show': method('viewer', ofDatabase, z.object({ engine: z.enum(databaseEngines), version: z.string(), bytes: z.int().nullable(), tables: z.int().nullable() })),
  /** The database's own client in its container; output and input as of `app.exec`. */
  'database.shell': method('admin', ofDatabase.extend({ ...session.shape, terminal: z.object(terminalSize).optional() }), z.object({ exitCode: z.int() })),
  /** The dump comes as `app-output`. */
  'database.dump': method('admin', ofDatabase.extend(session.shape), z.object({ engine: z.enum(databaseEngines), version: z.string(), bytes: z.int(), rows: z.array(rowCount) })),
  /** The dump is given by `app.input`; it replaces what there is, of which a backup is made first. */
  'database.load': method('admin', ofDatabase.extend({ ...session.shape, progressToken: z.string().optional() }), z.object({ backup: z.int(), oldVolume: z.string(), rows: z.array(rowCount) })),
  /** Volumes with data that were in use before a restore or an upgrade. */
  'database.kept': method('viewer', ofEnvironment, z.array(z.object({ volume: z.string(), engine: z.enum(databaseEngines), version: z.string(), keptAt: z.int() }))),
  'database.forget': method('admin', ofEnvironment.extend({ volume: z.string().max(300) }), nothing),
  'people.list': method('admin', nothing, z.array(personRecord)),
  'events.follow': method('viewer', z.object({ after: z.int().optional() }), z.object({ last: z.int() })),
  /** Those after one; left out: the newest. In order. */
  'events.list': method('viewer', z.object({ after: z.int().optional(), limit: z.int().min(1).max(1000).default(100) }), z.array(event)),
} as const;

/** Messages that the daemon sends on its own. */
export const notifications = {
  event,
  progress: z.object({ token: z.string(), operation: z.string(), state: z.enum(['started', 'output', 'done', 'failed', 'skipped']), text: z.string() }),
  'app-log': z.object({ token: z.string(), process: z.string(), instance: z.int(), text: z.string() }),
  /** Base64. */
  'app-output': z.object({ session: z.string(), stream: z.enum(['stdout', 'stderr']), data: z.string() }),
  log: z.object({ run: z.int(), step: z.int(), totalBytes: z.int(), closed: z.boolean() }),
} as const;

export type MethodName = keyof typeof methods;
export type Params<M extends MethodName> = z.input<(typeof methods)[M]['params']>;
export type ParsedParams<M extends MethodName> = z.output<(typeof methods)[M]['params']>;
export type Result<M extends MethodName> = z.output<(typeof methods)[M]['result']>;
export type NotificationName = keyof typeof notifications;
export type NotificationBody<N extends NotificationName> = z.output<(typeof notifications)[N]>;

function method<P extends z.ZodType, R extends z.ZodType>(role: Role, params: P, result: R) {
  return { role, params, result };
}

export function isMethodName(text: string): text is MethodName {
  return Object.hasOwn(methods, text);
}
