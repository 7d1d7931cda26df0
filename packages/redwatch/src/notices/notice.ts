import { watchedAlertKinds, type RedControlEvent } from '@redcontrol/contract';
import * as z from 'zod';

export const noticeKinds = [
  'waiting', 'passed', 'failed', 'recovered', 'cancelled', 'deployed', 'rolled-back', 'release-failed', 'down', 'up', 'source-unreachable', 'certificate-failed',
  'job-failed', 'job-missed', 'job-recovered', 'backup-failed', 'crash-loop', 'crash-loop-over', 'alert', 'alert-over',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** Something worth telling a developer, before words are put to it. */
export const notice = z.object({
  kind: z.enum(noticeKinds),
  server: z.string(),
  project: z.string(),
  ref: z.string().optional(),
  environments: z.array(z.string()),
  runId: z.int().nullable(),
  /** First line of the commit's message. */
  message: z.string(),
  author: z.string(),
  authorEmail: z.string().optional(),
  failedTests: z.array(z.string()),
  /** Name of a job of the configuration. */
  job: z.string().optional(),
  /** Name of a process that ends again and again. */
  process: z.string().optional(),
  /** What an alert is about: the name of its kind, and of the process, disk or domain. */
  alert: z.object({ kind: z.enum(watchedAlertKinds), name: z.string() }).optional(),
  /** What went wrong, as the daemon says it. */
  error: z.string().optional(),
  at: z.int(),
  /** Notices of one subject replace each other on the screen. */
  subject: z.string(),
});

export type Notice = z.infer<typeof notice>;

const kinds: Partial<Record<RedControlEvent['kind'], NoticeKind>> = {
  'run.waiting': 'waiting',
  'run.succeeded': 'passed', 'run.failed': 'failed', 'run.recovered': 'recovered', 'run.cancelled': 'cancelled',
  'release.live': 'deployed', 'release.rolled-back': 'rolled-back', 'release.failed': 'release-failed', 'release.reverted': 'release-failed',
  'environment.down': 'down', 'environment.up': 'up', 'source.unreachable': 'source-unreachable', 'certificate.failed': 'certificate-failed',
  'job.failed': 'job-failed', 'job.missed': 'job-missed', 'job.recovered': 'job-recovered', 'backup.failed': 'backup-failed', 'backup.unprovable': 'backup-failed',
  'process.crash-loop': 'crash-loop', 'process.recovered': 'crash-loop-over', 'alert.started': 'alert', 'alert.ended': 'alert-over',
};

/** Of these the daemon's line says more than its data. */
const toldByText: readonly NoticeKind[] = ['job-failed', 'job-missed', 'backup-failed', 'alert', 'alert-over'];
/** What a notice without a run is about, beside its environment. */
const subjectOfKind: Partial<Record<NoticeKind, string>> = { 'job-failed': 'job', 'job-missed': 'job', 'job-recovered': 'job', 'backup-failed': 'backup', 'crash-loop': 'process', 'crash-loop-over': 'process', alert: 'alert', 'alert-over': 'alert' };

/** What an event is for a developer; undefined when it is only a step on the way. */
export function noticeOf(event: RedControlEvent, server: string): Notice | undefined {
  const kind = kinds[event.kind];
  if (!kind) return undefined;
  const { data } = event;
  const environments = event.environment !== null ? [event.environment] : texts(data.environments);
  return {
    kind, server, project: event.project, ref: text(data.ref), environments, runId: event.runId,
    message: (text(data.message) ?? '').split('\n')[0] ?? '',
    author: text(data.author) ?? '', authorEmail: text(data.authorEmail),
    failedTests: texts(data.failedTests), job: text(data.job), process: text(data.process), alert: alertOf(data), error: errorOf(data.error) ?? (toldByText.includes(kind) ? text(event.text) : undefined), at: event.at,
    subject: event.runId === null ? [server, event.project, event.environment ?? 'source', ...(subjectOfKind[kind] ? [subjectOfKind[kind], text(data.job) ?? text(data.process) ?? [data.alert, data.name].filter(Boolean).join(' ')] : [])].join('/') : `${server}/${event.project}/run/${event.runId}`,
  };
}

function alertOf({ alert, name }: RedControlEvent['data']): Notice['alert'] {
  const kind = watchedAlertKinds.find((one) => one === alert);
  return kind && { kind, name: text(name) ?? '' };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function errorOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && 'message' in value ? text(value.message) : undefined;
}
