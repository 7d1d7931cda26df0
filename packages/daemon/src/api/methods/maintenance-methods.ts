import { RedControlError, type EnvironmentState } from '@redcontrol/contract';
import { environmentState } from '../../projects/project-state.ts';
import { isNetwork } from '../../proxy/index.ts';
import { reconcileProxy } from '../../release/index.ts';
import { removeMaintenance, setMaintenance } from '../../store/index.ts';
import type { Handlers } from '../handlers.ts';
import type { Call } from '../serve-connection.ts';
import { projectWith } from './known-project.ts';

type MaintenanceCall = Call<'maintenance.start'> | Call<'maintenance.end'>;

/** The page is HAProxy's own: it stays over restarts of the daemon, of HAProxy and of the app, and releases go on behind it. */
export const maintenanceMethods: Pick<Handlers, 'maintenance.start' | 'maintenance.end'> = {
  'maintenance.start'(call) {
    const { daemon, params, caller } = call;
    const letIn = letInOf(call);
    const text = `maintenance begun by ${caller.name}${params.message === undefined ? '' : `: ${params.message}`}`;
    return change(call, { kind: 'environment.maintenance-started', text }, () => setMaintenance(daemon.store, params, { at: daemon.clock.now(), by: caller.name, message: params.message ?? null, letIn }));
  },

  'maintenance.end'(call) {
    return change(call, { kind: 'environment.maintenance-ended', text: `maintenance ended by ${call.caller.name}` }, () => removeMaintenance(call.daemon.store, call.params));
  },
};

function letInOf({ params, from }: Call<'maintenance.start'>): string[] {
  const wrong = params.letIn.find((network) => !isNetwork(network));
  if (wrong !== undefined) throw new RedControlError('USAGE', `Expected an address or a network such as 203.0.113.0/24 to let in, got ${wrong}`);
  if (!params.letMeIn) return params.letIn;
  if (from === undefined || !isNetwork(from)) throw new RedControlError('USAGE', 'Expected to see from which address you come, this connection does not tell', { hint: 'Name the address: --allow 203.0.113.5' });
  return [...new Set([...params.letIn, from])];
}

async function change({ daemon, params }: MaintenanceCall, { kind, text }: { kind: 'environment.maintenance-started' | 'environment.maintenance-ended'; text: string }, write: () => boolean | void): Promise<EnvironmentState> {
  const stored = projectWith(daemon, params);
  daemon.store.transaction(() => {
    if (write() === false) return;
    daemon.events.add({ at: daemon.clock.now(), kind, project: params.project, environment: params.environment, runId: null, text, data: {} });
  });
  daemon.events.flush();
  await reconcileProxy(daemon);
  return environmentState(daemon, stored, params.environment);
}
