import { readFileSync } from 'node:fs';
import { parseDurationMs, type ProjectConfig } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import type { RunQueue } from '../pipeline/queue.ts';
import { planRuns } from '../rules/index.ts';
import { fetchMirror, followSource, isAncestor, readCommit, type RefChange, type RemoteRefs, type SourceFollower } from '../source/index.ts';
import { addRun, getProject, getRefs, listOpenRuns, listProjects, setRefs, setSourceState } from '../store/index.ts';

/** One follower for each project: sees its pushes and queues their runs. */
export interface ProjectFollowers {
  /** Begins or, after a new revision, begins anew with a project. */
  follow(project: string): void;
  /** Looks at the repository now; resolves after the look. */
  look(project: string): Promise<void>;
  stop(project: string): Promise<void>;
  close(): Promise<void>;
}

export function createProjectFollowers(daemon: DaemonContext, queue: RunQueue): ProjectFollowers {
  const followers = new Map<string, { follower: SourceFollower; controller: AbortController; key: string }>();

  const stop = async (project: string) => {
    const known = followers.get(project);
    followers.delete(project);
    known?.controller.abort();
    await known?.follower.done;
  };

  const follow = (project: string) => {
    const stored = getProject(daemon.store, project);
    if (!stored) return;
    const { config } = stored;
    const key = `${config.repository} ${config.source.poll}`;
    const known = followers.get(project);
    if (known?.key === key) return void known.follower.poke();
    known?.controller.abort();
    const controller = new AbortController();
    const follower = followSource({
      project, url: config.repository, git: daemon.git, clock: daemon.clock, signal: controller.signal,
      pollMs: Math.max(parseDurationMs(config.source.poll), daemon.options.minPollMs),
      store: refStore(daemon),
      onChange: (changes, refs, options) => startRuns(daemon, queue, { project, changes, refs, ...options }),
      onState: (state, line) => {
        daemon.store.transaction(() => setSourceState(daemon.store, project, state));
        if (line) {
          daemon.log.info(`${project}: ${line}`);
          const kind = state.state === 'unreachable' ? 'source.unreachable' : 'source.reachable';
          daemon.store.transaction(() => daemon.events.add({ at: daemon.clock.now(), kind, project, environment: null, runId: null, text: line, data: {} }));
          daemon.events.flush();
        }
      },
    });
    followers.set(project, { follower, controller, key });
  };

  return {
    follow,
    look: async (project) => followers.get(project)?.follower.poke(),
    stop,
    async close() {
      await Promise.all([...followers.keys()].map(stop));
    },
  };
}

function refStore(daemon: DaemonContext) {
  return {
    read: (project: string): RemoteRefs | undefined => {
      const text = getRefs(daemon.store, project);
      return text === undefined ? undefined : (JSON.parse(text) as RemoteRefs);
    },
    commit: (project: string, refs: RemoteRefs, apply: () => void) => {
      daemon.store.transition('run.queued', () => {
        setRefs(daemon.store, project, JSON.stringify(refs));
        apply();
      });
      daemon.events.flush();
    },
  };
}
