import type { RunStatus, WatchedAlertKind } from '@redcontrol/contract';
import { english } from './english.ts';
import { russian } from './russian.ts';

/** All that redwatch says to people in their language. */
export interface Words {
  language: 'en' | 'ru';
  status: Record<RunStatus, string>;
  titles: {
    waiting(of: { project: string; ref: string }): string;
    passed(of: { project: string; ref: string }): string;
    deployed(of: { project: string; environments: string }): string;
    failed(of: { project: string; ref: string }): string;
    recovered(of: { project: string; ref: string }): string;
    cancelled(of: { project: string; ref: string }): string;
    releaseFailed(of: { project: string; environments: string }): string;
    rolledBack(of: { project: string; environments: string }): string;
    down(of: { project: string; environments: string }): string;
    up(of: { project: string; environments: string }): string;
    sourceUnreachable(of: { project: string }): string;
    certificateFailed(of: { project: string; environments: string }): string;
    jobFailed(of: { project: string; environments: string; job: string }): string;
    jobMissed(of: { project: string; environments: string; job: string }): string;
    jobRecovered(of: { project: string; environments: string; job: string }): string;
    backupFailed(of: { project: string; environments: string }): string;
    crashLoop(of: { project: string; environments: string; process: string }): string;
    crashLoopOver(of: { project: string; environments: string; process: string }): string;
    missed(count: number): string;
  };
  /** What figures against a limit tell: when it begins, and when it is over. */
  alerts: Record<WatchedAlertKind, (of: { environments: string; name: string }) => string>;
  alertsOver: Record<WatchedAlertKind, (of: { environments: string; name: string }) => string>;
  failedStep(step: string): string;
  failedTests(count: number): string;
  andMore(count: number): string;
  counts: { passed(count: number): string; failed(count: number): string; deployed(count: number): string; other(count: number): string };
  actions: { log: string; open: string; retry: string };
  /** The small window behind the tray icon. */
  tray: { runs: string; noRuns: string; back: string; step: string; end: string; missing: string };
  live(of: { environment: string; release: number; since: string; by: string }): string;
  nothingLive(environment: string): string;
  connected(of: { server: string; name: string; role: string }): string;
  notInProject(of: { server: string; project: string }): string;
  noAccess(server: string): string;
  noKey(server: string): string;
  noNotifications(reason: string): string;
  following(servers: string): string;
  lost(of: { server: string; reason: string }): string;
  back(server: string): string;
  ago(at: number, now: number): string;
}

/** The words of the chosen language; left out: of the environment's, as gettext reads it. */
export function chooseWords(language: 'en' | 'ru' | undefined, variables: Record<string, string | undefined>): Words {
  const wanted = language ?? (variables.LC_ALL || variables.LC_MESSAGES || variables.LANG || 'en').slice(0, 2);
  return wanted === 'ru' ? russian : english;
}
