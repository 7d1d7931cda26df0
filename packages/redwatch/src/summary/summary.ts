import { readIfExists, writeFileAtomic } from '@redcontrol/system';
import { runStatuses, type ProjectState, type RedControlEvent, type RunStatus } from '@redcontrol/contract';
import * as z from 'zod';

const maxRefs = 100;

const refState = z.object({ status: z.enum(runStatuses), run: z.int(), at: z.int() });
const projectSummary = z.object({ server: z.string(), project: z.string(), repository: z.string(), refs: z.record(z.string(), refState) });

/** What a prompt shows without asking a server: the newest run of each branch, as the background knows it. */
export type ProjectSummary = z.infer<typeof projectSummary>;
export type RefState = z.infer<typeof refState>;

/** Empty when the background never ran, or wrote something else. */
export async function readSummary(path: string): Promise<ProjectSummary[]> {
  try {
    return z.array(projectSummary).parse(JSON.parse((await readIfExists(path)) ?? '[]'));
  } catch {
    return [];
  }
}

export interface SummaryKeeper {
  /** What is known of a server's projects at the beginning of a connection. */
  begin(server: string, projects: readonly ProjectState[]): void;
  /** Takes what events say. Says whether anything is new. */
  take(server: string, events: readonly RedControlEvent[]): boolean;
  write(): Promise<void>;
}

export function createSummaryKeeper(path: string, known: readonly ProjectSummary[]): SummaryKeeper {
  const projects = new Map(known.map((one) => [`${one.server}/${one.project}`, one]));
  return {
    begin(server, states) {
      for (const { name, repository, lastRun } of states) {
        const key = `${server}/${name}`;
        const one = { server, project: name, repository, refs: projects.get(key)?.refs ?? {} };
        projects.set(key, one);
        if (lastRun) setRef(one, lastRun.ref, { status: lastRun.status, run: lastRun.id, at: lastRun.finishedAt ?? lastRun.createdAt });
      }
    },
    take(server, events) {
      let changed = false;
      for (const { kind, project, runId, data, at } of events) {
        const status = statusOf(kind);
        const one = projects.get(`${server}/${project}`);
        if (!status || !one || runId === null || typeof data.ref !== 'string') continue;
        // The end of an older run says nothing about the newest one.
        if ((one.refs[data.ref]?.run ?? 0) > runId) continue;
        setRef(one, data.ref, { status, run: runId, at });
        changed = true;
      }
      return changed;
    },
    write: () => writeFileAtomic(path, `${JSON.stringify([...projects.values()])}\n`),
  };
}

function setRef(one: ProjectSummary, ref: string, state: RefState): void {
  delete one.refs[ref];
  one.refs[ref] = state;
  const [oldest] = Object.keys(one.refs);
  if (Object.keys(one.refs).length > maxRefs && oldest !== undefined) delete one.refs[oldest];
}

function statusOf(kind: RedControlEvent['kind']): RunStatus | undefined {
  switch (kind) {
    case 'run.queued': return 'queued';
    case 'run.started': return 'running';
    case 'run.succeeded': case 'run.recovered': return 'succeeded';
    case 'run.failed': return 'failed';
    case 'run.cancelled': return 'cancelled';
    default: return undefined;
  }
}
