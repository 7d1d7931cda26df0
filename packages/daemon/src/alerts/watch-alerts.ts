import { watchedAlertKinds } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import type { MetricStore } from '../metrics/index.ts';
import { beginTrouble, endTrouble, listAllTroubles, listProjects, type Trouble } from '../store/index.ts';
import { parseSubject, subjectOf } from './alert-subject.ts';
import { watchedThings, type WatchedThing } from './find-alerts.ts';
import { recentFigures } from './recent-figures.ts';

/** Two minutes. */
const leastSamples = 8;

/** What watching needs of the daemon. */
export type AlertContext = Pick<DaemonContext, 'store' | 'events' | 'clock' | 'certificates'>;

/**
 * Judges the newest figures by the limits of each project: what became wrong is told once, and once that it is over.
 * What was told is stored with the news of it in one transaction, so neither a kill nor a restart tells it again.
 */
export function lookForAlerts(daemon: AlertContext, metrics: MetricStore, at: number): void {
  const figures = recentFigures(metrics, at);
  // Nothing measured for five minutes: the daemon was down, and nothing is known.
  if (figures.samples === 0) return;
  const open = new Map(listAllTroubles(daemon.store).filter(({ subject }) => parseSubject(subject, watchedAlertKinds)).map((trouble) => [keyOf(trouble), trouble]));
  const now = daemon.clock.now();
  const validUntil = (domain: string) => daemon.certificates.certificateState(domain)?.notAfter;
  const things = listProjects(daemon.store).flatMap(({ config }) => watchedThings({ config, figures, validUntil, now }));
  const changes: (() => void)[] = [];
  for (const thing of things) {
    const key = keyOf({ ...thing, subject: subjectOf(thing) });
    const known = open.get(key);
    open.delete(key);
    if (!known && thing.measured.isWrong) changes.push(() => begin(daemon, thing));
    if (known && thing.measured.isOver) changes.push(() => end(daemon, known, thing));
  }
  // What is not watched any more, or not there: a limit that was switched off, a process or a domain that is gone.
  // Right after a start a process may only not have been looked at yet.
  if (figures.samples >= leastSamples) for (const trouble of open.values()) changes.push(() => end(daemon, trouble, undefined));
  if (changes.length === 0) return;
  for (const change of changes) daemon.store.transaction(change);
  daemon.events.flush();
}

function begin({ store, events, clock }: AlertContext, { project, environment, kind, name, measured: { value, limit } }: WatchedThing): void {
  const at = clock.now();
  const subject = subjectOf({ kind, name });
  if (!beginTrouble(store, { project, environment, subject, since: at, release: 0, detail: JSON.stringify({ value, limit }) })) return;
  events.add({ at, kind: 'alert.started', project, environment: environment === '' ? null : environment, runId: null, text: `${describe({ kind, name, environment })}: ${value}, the limit is ${limit}`, data: { alert: kind, name, value, limit } });
}

function end({ store, events, clock }: AlertContext, { project, environment, subject, detail }: Trouble, thing: WatchedThing | undefined): void {
  if (!endTrouble(store, { project, environment, subject })) return;
  const { kind, name } = parseSubject(subject, watchedAlertKinds)!;
  const limit = thing?.measured.limit ?? (JSON.parse(detail ?? '{}') as { limit?: string }).limit ?? '';
  const value = thing?.measured.value ?? '–';
  events.add({ at: clock.now(), kind: 'alert.ended', project, environment: environment === '' ? null : environment, runId: null, text: `${describe({ kind, name, environment })} is over: ${value}, the limit is ${limit}`, data: { alert: kind, name, value, limit } });
}

function describe({ kind, name, environment }: Pick<WatchedThing, 'kind' | 'name' | 'environment'>): string {
  switch (kind) {
    case 'errors': return `too many errors on ${environment}`;
    case 'memory': return `${name} of ${environment} near its memory limit`;
    case 'disk': return `disk of ${name} nearly full`;
    case 'certificate': return `certificate of ${name} about to end`;
  }
}

function keyOf({ project, environment, subject }: Pick<Trouble, 'project' | 'environment' | 'subject'>): string {
  return JSON.stringify([project, environment, subject]);
}
