import type { DaemonContext } from '../context.ts';
import { databaseSecrets } from '../environment/index.ts';
import { containerLogs } from '../engine/index.ts';
import { prepareMask } from '../logs/index.ts';
import { readSecrets } from '../secrets/index.ts';
import { beginTrouble, endTrouble, listTroubles, type StoredRelease } from '../store/index.ts';
import type { AppContainer } from './app-containers.ts';
import type { RestartWatch } from './crash-loop.ts';
import { processLabel, type ReleaseUnit } from './release-units.ts';

const shownLines = 20;
const shownLength = 3000;
const prefix = 'crash-loop/';

type Looked = Pick<ReleaseUnit, 'release'> & { containers: readonly AppContainer[] };

/** Name under which a process's crash loop is noted. */
export function crashSubject(process: string): string {
  return `${prefix}${process}`;
}

/** Tells which processes of a live release are in a crash loop now, with their last lines, and which no longer: each once. */
export async function tellCrashLoops(daemon: DaemonContext, live: StoredRelease, units: readonly Looked[], watch: RestartWatch): Promise<void> {
  const now = daemon.clock.now();
  const containers = units.flatMap((unit) => unit.containers.map((container) => ({ ...container, process: processLabel(unit.release, container.process) })));
  for (const process of new Set(containers.map((container) => container.process))) {
    const looping = containers.find((container) => container.process === process && watch.judge(container.id, now) === 'loop');
    if (looping) await tellBegun(daemon, live, looping);
  }
  for (const { subject, release } of listTroubles(daemon.store, live.project, live.environment)) {
    if (!subject.startsWith(prefix)) continue;
    const of = containers.filter((container) => crashSubject(container.process) === subject);
    // Another release has other containers: it was watched before it went live.
    const isOver = release !== live.number || of.every((container) => container.running && watch.judge(container.id, now) === 'steady');
    if (isOver) tellOver(daemon, live, subject);
  }
}

async function tellBegun(daemon: DaemonContext, live: StoredRelease, container: AppContainer): Promise<void> {
  const subject = crashSubject(container.process);
  if (listTroubles(daemon.store, live.project, live.environment).some((trouble) => trouble.subject === subject)) return;
  const lastLines = await maskedLines(daemon, live, container);
  daemon.store.transaction(() => {
    if (!beginTrouble(daemon.store, { project: live.project, environment: live.environment, subject, since: daemon.clock.now(), release: live.number })) return;
    daemon.events.add({
      at: daemon.clock.now(), kind: 'process.crash-loop', project: live.project, environment: live.environment, runId: null,
      text: `${container.process} of ${live.environment} ends again and again: it was started ${container.restarts} times more`,
      data: { process: container.process, release: live.number, restarts: container.restarts, lastLines },
    });
  });
  daemon.events.flush();
}

function tellOver(daemon: DaemonContext, live: StoredRelease, subject: string): void {
  const process = subject.slice(prefix.length);
  daemon.store.transaction(() => {
    if (!endTrouble(daemon.store, { project: live.project, environment: live.environment, subject })) return;
    daemon.events.add({
      at: daemon.clock.now(), kind: 'process.recovered', project: live.project, environment: live.environment, runId: null,
      text: `${process} of ${live.environment} runs steadily again`, data: { process, release: live.number },
    });
  });
  daemon.events.flush();
}

async function maskedLines(daemon: DaemonContext, { project, environment }: StoredRelease, container: AppContainer): Promise<string> {
  const text = await containerLogs(container.engine, container.id, { lines: shownLines }).catch(() => '');
  const secrets = Object.entries(readSecrets(daemon, project, [environment])).map(([name, value]) => ({ name, value }));
  return prepareMask([...secrets, ...databaseSecrets(daemon, project, [environment])]).maskText(text).trimEnd().slice(-shownLength);
}
