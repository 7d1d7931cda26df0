import { join } from 'node:path';
import { gitHostOf, watchedAlertKinds, type ChannelConfig, type RedControlEvent } from '@redcontrol/contract';
import type { DaemonContext } from '../../context.ts';
import { readLog, type PreparedMask } from '../../logs/index.ts';
import { environmentUrl } from '../../projects/environment-url.ts';
import { failedTestsOf, getRun, listSteps, type StoredProject, type StoredRun } from '../../store/index.ts';
import { newsKindOf, type News } from './news.ts';
import { outputLine, plainLine } from './plain-line.ts';

/** What telling needs of the daemon. */
export type NewsContext = Pick<DaemonContext, 'options' | 'store' | 'certificates'>;

const maxTests = 10;
const maxLines = 12;
const maxLineLength = 160;
/** So much of the log's end is looked at for its last lines. */
const tailBytes = 8192;
const maxTextLength = 200;

/** News whose event says in its own text what happened. */
const toldByText: readonly News['kind'][] = ['source-unreachable', 'certificate-failed', 'job-failed', 'job-missed', 'backup-failed', 'crash-loop'];

/** An event with what people ask next: the failed step and tests, the last lines, where to look. Secrets are masked. */
export async function describeEvent(daemon: NewsContext, about: { project: StoredProject; event: RedControlEvent; mask: PreparedMask }): Promise<News | undefined> {
  const { project, event, mask } = about;
  const kind = newsKindOf(event);
  if (!kind) return undefined;
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? plainLine(mask.maskText(value), maxTextLength) : undefined);
  const run = event.runId === null ? undefined : getRun(daemon.store, event.runId);
  const environments = event.environment === null ? (run?.environments ?? []) : [event.environment];
  const { job, release, lastLines } = event.data;
  const failed = kind === 'failed' && run ? await failureOf(daemon, run, mask) : { failedTests: [], lastLines: (kind === 'job-failed' || kind === 'crash-loop') && typeof lastLines === 'string' ? outputLines(lastLines, mask) : [] };
  const commit = run?.commit ?? text(event.data.commit);
  const news = {
    kind, project: project.name, environments, at: event.at, ...failed,
    ref: text(run?.ref ?? event.data.ref), commit, runId: run?.id, message: text((run?.message ?? '').split('\n')[0]), author: text(run?.author),
    release: typeof release === 'number' ? release : undefined, job: text(job), process: text(event.data.process),
    error: text(kind === 'failed' ? run?.error?.message : toldByText.includes(kind) ? event.text : undefined),
    alert: alertOf(event, text),
    links: linksOf(daemon, project, { kind, environments, commit }),
  };
  return Object.fromEntries(Object.entries(news).filter(([, value]) => value !== undefined)) as unknown as News;
}

function alertOf({ data: { alert, name, value, limit } }: RedControlEvent, text: (value: unknown) => string | undefined): News['alert'] | undefined {
  const kind = watchedAlertKinds.find((one) => one === alert);
  return kind && { kind, name: text(name) ?? '', value: text(value) ?? '', limit: text(limit) ?? '' };
}

async function failureOf(daemon: NewsContext, run: StoredRun, mask: PreparedMask): Promise<Pick<News, 'failedStep' | 'failedTests' | 'lastLines'>> {
  const step = listSteps(daemon.store, run.id).find((one) => one.status === 'failed');
  const tests = failedTestsOf(daemon.store, run.id).slice(0, maxTests + 1);
  return {
    failedTests: tests.map(({ suite, name }) => plainLine(mask.maskText(suite === '' ? name : `${suite} › ${name}`), maxTextLength)),
    lastLines: step ? await lastLinesOf(join(daemon.options.dataDirectory, 'logs', String(run.id), `${step.index}.log`), mask) : [],
    ...(step ? { failedStep: plainLine(step.name, maxTextLength) } : {}),
  };
}

/** The log is masked already; it is masked again with the secrets of the whole project. */
async function lastLinesOf(path: string, mask: PreparedMask): Promise<string[]> {
  try {
    const { totalBytes } = await readLog(path, 0, 1);
    const { data } = await readLog(path, Math.max(0, totalBytes - tailBytes), tailBytes);
    const text = data.toString('utf8');
    // The first line of a tail may begin in the middle.
    return outputLines(totalBytes > tailBytes ? text.slice(text.indexOf('\n') + 1) : text, mask);
  } catch {
    return [];
  }
}

function outputLines(text: string, mask: PreparedMask): string[] {
  return mask.maskText(text.slice(-tailBytes)).split('\n').map((line) => outputLine(line, maxLineLength)).filter((line) => line.trim() !== '').slice(-maxLines);
}

function linksOf(daemon: NewsContext, project: StoredProject, about: { kind: News['kind']; environments: string[]; commit: string | undefined }): News['links'] {
  const live = ['deployed', 'rolled-back', 'up', 'down', 'certificate-failed'].includes(about.kind)
    ? about.environments.filter((name) => project.config.environments[name]).map((name) => ({ about: 'environment' as const, name, url: environmentUrl(daemon, project, name) }))
    : [];
  const page = about.commit === undefined ? undefined : commitPage(project, about.commit);
  return page === undefined ? live : [...live, { about: 'commit', name: about.commit?.slice(0, 8) ?? '', url: page }];
}

const knownHosts: Record<string, ChannelConfig['kind']> = { 'github.com': 'github', 'gitlab.com': 'gitlab', 'codeberg.org': 'forgejo', 'gitea.com': 'gitea' };

/** The commit's page, where it is known which software the host runs: by its name, or by a channel for commit statuses. */
function commitPage({ config }: StoredProject, commit: string): string | undefined {
  const place = gitHostOf(config.repository);
  if (!place || !/^[0-9a-f]{40,64}$/.test(commit)) return undefined;
  const kind = knownHosts[place.host] ?? Object.values(config.channels ?? {}).find((channel) => ['github', 'gitlab', 'gitea', 'forgejo'].includes(channel.kind))?.kind;
  if (kind === undefined) return undefined;
  return `${place.scheme}://${place.host}/${place.repository}${kind === 'gitlab' ? '/-' : ''}/commit/${commit}`;
}
