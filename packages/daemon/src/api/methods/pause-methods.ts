import type { EnvironmentState } from '@redcontrol/contract';
import { environmentState } from '../../projects/project-state.ts';
import { addPause, removePause } from '../../store/index.ts';
import type { Handlers } from '../handlers.ts';
import type { Call } from '../serve-connection.ts';
import { projectWith } from './known-project.ts';

type PauseCall = Call<'environment.pause'> | Call<'environment.resume'>;

/** A paused environment keeps what is live; pushes are tested as ever, and not deployed to it. */
export const pauseMethods: Pick<Handlers, 'environment.pause' | 'environment.resume'> = {
  'environment.pause'(call) {
    const { daemon, params, caller } = call;
    return change(call, 'environment.paused', () => addPause(daemon.store, params, { at: daemon.clock.now(), by: caller.name }));
  },

  'environment.resume'(call) {
    return change(call, 'environment.resumed', () => void removePause(call.daemon.store, call.params));
  },
};

function change({ daemon, params, caller }: PauseCall, kind: 'environment.paused' | 'environment.resumed', write: () => void): Promise<EnvironmentState> {
  const stored = projectWith(daemon, params);
  daemon.store.transaction(() => {
    write();
    daemon.events.add({ at: daemon.clock.now(), kind, project: params.project, environment: params.environment, runId: null, text: `${kind === 'environment.paused' ? 'paused' : 'resumed'} by ${caller.name}`, data: {} });
  });
  daemon.events.flush();
  return environmentState(daemon, stored, params.environment);
}
