import { parseDurationMs, type SourceState } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import type { RunQueue } from '../pipeline/queue.ts';
import type { PreviewEndings } from '../preview/index.ts';
import { followSource, removeMirror, type Follower, type FollowState, type RefStore, type RemoteRefs } from '../source/index.ts';
import { clearRefs, getProject, getRefs, setRefs, setSourceState } from '../store/index.ts';
import { planQueue } from './queue-runs.ts';

/** One follower for each project: sees its pushes and queues their runs. */
export interface ProjectFollowers {
  /** Begins with a project, or looks at once; a changed repository or interval begins anew. */
  follow(project: string): void;
  /** Something was pushed, says a webhook; its commit is only a hint. */
  poke(project: string, hint: { commit?: string }): void;
  /** Looks at the repository now; resolves after the look. */
  look(project: string): Promise<void>;
  /** How the last look went and when the next is due; undefined before the first. */
  state(project: string): SourceState | undefined;
  stop(project: string): Promise<void>;
  close(): Promise<void>;
}

export function createProjectFollowers(daemon: DaemonContext, queue: RunQueue, endings: PreviewEndings): ProjectFollowers {
  const followers = new Map<string, { follower: Follower; controller: AbortController; repository: string; pollMs: number }>();

  const stop = async (project: string) => {
    const known = followers.get(project);
    followers.delete(project);
    known?.controller.abort();
    await known?.follower.done;
  };

  const begin = (project: string, repository: string, pollMs: number) => {
    const controller = new AbortController();
    const follower = followSource({
      project, url: repository, pollMs, git: daemon.git, clock: daemon.clock, signal: controller.signal, store: refStore(daemon),
      onChange: (changes, refs, look) => planQueue(daemon, queue, { project, changes, refs, ...look }),
      onLooked: (refs) => endings.look(project, Object.keys(refs.branches)),
      onState: (state) => tellState(daemon, project, state),
    });
    followers.set(project, { follower, controller, repository, pollMs });
  };

  return {
    follow(project) {
      const config = getProject(daemon.store, project)?.config;
      if (!config) return;
      const pollMs = Math.max(parseDurationMs(config.source.poll), daemon.options.minPollMs);
      const known = followers.get(project);
      if (known?.repository === config.repository && known.pollMs === pollMs) return known.follower.poke();
      if (!known) return begin(project, config.repository, pollMs);
      void stop(project)
        .then(() => (known.repository === config.repository ? undefined : forgetRepository(daemon, project)))
        .then(() => begin(project, config.repository, pollMs));
    },
    poke: (project, hint) => followers.get(project)?.follower.poke(hint),
    look: async (project) => followers.get(project)?.follower.look(),
    state(project) {
      const state = followers.get(project)?.follower.state();
      return state?.checkedAt == null ? undefined : state;
    },
    stop,
    async close() {
      await Promise.all([...followers.keys()].map(stop));
    },
  };
}

/** Another repository is looked at for the first time: nothing of the old one counts as known. */
async function forgetRepository(daemon: DaemonContext, project: string): Promise<void> {
  await removeMirror(daemon.git, project);
  daemon.store.transaction(() => clearRefs(daemon.store, project));
}

function refStore(daemon: DaemonContext): RefStore {
  return {
    read(project) {
      const text = getRefs(daemon.store, project);
      return text === undefined ? undefined : (JSON.parse(text) as RemoteRefs);
    },
    commit(project, refs, apply) {
      daemon.store.transition('run.queued', () => {
        setRefs(daemon.store, project, JSON.stringify(refs));
        apply();
      });
      daemon.events.flush();
    },
  };
}

/** One line of the log and one event for each change of state. */
function tellState(daemon: DaemonContext, project: string, state: FollowState): void {
  const line = state.error ?? `${state.state === 'empty' ? 'the repository is empty' : `following ${state.branches} branches and ${state.tags} tags`}`;
  daemon.log.info(`${project}: ${line}`);
  try {
    storeState(daemon, project, { state, line });
  } catch (error) {
    // The repository is looked at all the same.
    daemon.log.error(`${project}: the state of its repository could not be stored`, error);
  }
}

function storeState(daemon: DaemonContext, project: string, { state, line }: { state: FollowState; line: string }): void {
  daemon.store.transaction(() => {
    setSourceState(daemon.store, project, state);
    const kind = state.state === 'unreachable' ? 'source.unreachable' : 'source.reachable';
    daemon.events.add({ at: daemon.clock.now(), kind, project, environment: null, runId: null, text: line, data: { state: state.state, refused: state.refused } });
  });
  daemon.events.flush();
}
