import type { NewsKind, RedControlEvent, WatchedAlertKind } from '@redcontrol/contract';

/** Something worth telling, before words are put to it. All texts are masked and of one line. */
export interface News {
  kind: NewsKind;
  project: string;
  environments: string[];
  ref?: string;
  commit?: string;
  runId?: number;
  /** First line of the commit's message. */
  message?: string;
  author?: string;
  release?: number;
  /** Name of the scheduled job or of the process that it is about. */
  job?: string;
  process?: string;
  /** What an alert is about, what was measured, and its limit. */
  alert?: { kind: WatchedAlertKind; name: string; value: string; limit: string };
  failedStep?: string;
  failedTests: string[];
  /** The end of the log of what failed. */
  lastLines: string[];
  /** What went wrong, as the daemon says it. */
  error?: string;
  /** Where it can be seen: environments that are live, the commit at its host. */
  links: { about: 'environment' | 'commit'; name: string; url: string }[];
  at: number;
}

const kinds: Partial<Record<RedControlEvent['kind'], NewsKind>> = {
  'run.succeeded': 'passed', 'run.failed': 'failed', 'run.recovered': 'recovered', 'run.waiting': 'waiting',
  'release.live': 'deployed', 'release.rolled-back': 'rolled-back', 'environment.down': 'down', 'environment.up': 'up',
  'job.failed': 'job-failed', 'job.missed': 'job-missed', 'job.recovered': 'job-recovered', 'backup.failed': 'backup-failed', 'backup.unprovable': 'backup-failed',
  'source.unreachable': 'source-unreachable', 'certificate.failed': 'certificate-failed',
  'process.crash-loop': 'crash-loop', 'process.recovered': 'crash-loop-over', 'alert.started': 'alert', 'alert.ended': 'alert-over',
};

/** What an event is for people; undefined when it is only a step on the way. */
export function newsKindOf(event: RedControlEvent): NewsKind | undefined {
  return kinds[event.kind];
}

