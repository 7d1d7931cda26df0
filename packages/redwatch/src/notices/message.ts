import { plainLine } from '../cli/plain-line.ts';
import type { Words } from '../words/words.ts';
import type { Notice, NoticeKind } from './notice.ts';

export type ActionName = 'log' | 'open' | 'retry';

/** A notice in words, ready to be shown. */
export interface Message {
  subject: string;
  title: string;
  body: string;
  urgency: 'low' | 'normal' | 'critical';
  actions: ActionName[];
  /** What the actions are about; undefined for a summary. */
  notice?: Notice;
}

/** What is known of a failed run beyond its event. */
export interface FailureDetails {
  step: string | undefined;
  lastLines: string[];
}

const shownTests = 5;
const maxLineLength = 200;

export function messageOf(notice: Notice, words: Words, failure?: FailureDetails): Message {
  return {
    subject: notice.subject,
    title: plainLine(titleOf(notice, words)),
    body: bodyOf(notice, words, failure).map((line) => plainLine(line).slice(0, maxLineLength)).filter((line) => line !== '').join('\n'),
    urgency: urgencyOf(notice.kind),
    actions: notice.runId === null ? ['open'] : isFailure(notice.kind) ? ['log', 'open', 'retry'] : ['log', 'open'],
    notice,
  };
}

/** Many notices at once, as after a night without a connection: what counts of them in one message. */
export function summaryOf(notices: readonly Notice[], words: Words): Message {
  const count = (wanted: (kind: NoticeKind) => boolean) => notices.filter(({ kind }) => wanted(kind)).length;
  const passed = count((kind) => kind === 'passed' || kind === 'recovered');
  const failed = count((kind) => kind === 'failed');
  const deployed = count((kind) => kind === 'deployed' || kind === 'rolled-back');
  const other = notices.length - passed - failed - deployed;
  const parts = [[passed, words.counts.passed], [failed, words.counts.failed], [deployed, words.counts.deployed], [other, words.counts.other]] as const;
  const failedTitles = [...new Set(notices.filter(({ kind }) => isFailure(kind)).map((notice) => titleOf(notice, words)))];
  return {
    subject: 'missed',
    title: words.titles.missed(notices.length),
    body: [parts.flatMap(([amount, say]) => (amount > 0 ? [say(amount)] : [])).join(', '), ...listed(failedTitles, words)].map(plainLine).join('\n'),
    urgency: failedTitles.length > 0 ? 'critical' : 'normal',
    actions: [],
  };
}

function titleOf({ kind, project, ref = '', job = '', process = '', alert, environments: names }: Notice, words: Words): string {
  const environments = names.join(', ');
  const { titles } = words;
  switch (kind) {
    case 'waiting': return titles.waiting({ project, ref });
    case 'passed': return names.length > 0 ? titles.deployed({ project, environments }) : titles.passed({ project, ref });
    case 'failed': return titles.failed({ project, ref });
    case 'recovered': return titles.recovered({ project, ref });
    case 'cancelled': return titles.cancelled({ project, ref });
    case 'deployed': return titles.deployed({ project, environments });
    case 'rolled-back': return titles.rolledBack({ project, environments });
    case 'release-failed': return titles.releaseFailed({ project, environments });
    case 'down': return titles.down({ project, environments });
    case 'up': return titles.up({ project, environments });
    case 'source-unreachable': return titles.sourceUnreachable({ project });
    case 'certificate-failed': return titles.certificateFailed({ project, environments });
    case 'job-failed': return titles.jobFailed({ project, environments, job });
    case 'job-missed': return titles.jobMissed({ project, environments, job });
    case 'job-recovered': return titles.jobRecovered({ project, environments, job });
    case 'backup-failed': return titles.backupFailed({ project, environments });
    case 'crash-loop': return titles.crashLoop({ project, environments, process });
    case 'crash-loop-over': return titles.crashLoopOver({ project, environments, process });
    case 'alert': return `${project}: ${words.alerts[alert?.kind ?? 'errors']({ environments, name: alert?.name ?? '' })}`;
    case 'alert-over': return `${project}: ${words.alertsOver[alert?.kind ?? 'errors']({ environments, name: alert?.name ?? '' })}`;
  }
}

function bodyOf(notice: Notice, words: Words, failure: FailureDetails | undefined): string[] {
  const subject = [notice.message, notice.author].filter((part) => part !== '').join(' — ');
  if (!isFailure(notice.kind)) return [subject];
  return [
    subject,
    failure?.step !== undefined ? words.failedStep(failure.step) : '',
    ...(notice.failedTests.length > 0 ? [words.failedTests(notice.failedTests.length), ...listed(notice.failedTests, words)] : [notice.error ?? '']),
    ...(failure?.lastLines ?? []),
  ];
}

function listed(lines: readonly string[], words: Words): string[] {
  const shown = lines.slice(0, shownTests).map((line) => `• ${line}`);
  return lines.length > shownTests ? [...shown, words.andMore(lines.length - shownTests)] : shown;
}

const failures: readonly NoticeKind[] = ['failed', 'release-failed', 'down', 'source-unreachable', 'certificate-failed', 'job-failed', 'job-missed', 'backup-failed', 'crash-loop', 'alert'];

function isFailure(kind: NoticeKind): boolean {
  return failures.includes(kind);
}

function urgencyOf(kind: NoticeKind): Message['urgency'] {
  if (isFailure(kind)) return 'critical';
  return kind === 'cancelled' ? 'low' : 'normal';
}
