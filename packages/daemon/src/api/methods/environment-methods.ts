import { channelSecretPlace, RedControlError } from '@redcontrol/contract';
import { matchingLines } from '../../app/index.ts';
import { environmentState } from '../../projects/project-state.ts';
import { liveLogs, reconcileProxy } from '../../release/index.ts';
import { storeSecret } from '../../secrets/index.ts';
import { clearChannelWaits, getProject, listSecrets, removeSecret } from '../../store/index.ts';
import type { Handlers } from '../handlers.ts';
import type { Call } from '../serve-connection.ts';
import { projectWith } from './known-project.ts';

export const environmentMethods: Pick<Handlers, 'environment.list' | 'environment.logs' | 'secret.set' | 'secret.list' | 'secret.remove'> = {
  'environment.list': ({ daemon, params }) => {
    const project = getProject(daemon.store, params.project);
    return Promise.all(Object.keys(project?.config.environments ?? {}).map((environment) => environmentState(daemon, project!, environment)));
  },

  async 'environment.logs'(call) {
    projectWith(call.daemon, call.params);
    const { lines, process, since, grep } = call.params;
    return { text: await liveLogs(call.daemon, call.params, { lines, process, since, choose: (text) => matchingLines(text, grep) }) };
  },

  async 'secret.set'(call) {
    if (call.params.environment === channelSecretPlace) return setChannelSecret(call);
    const { config } = projectWith(call.daemon, call.params);
    storeSecret(call.daemon, call.params);
    const { environment, name } = call.params;
    const asked = config.environments[environment]?.traffic?.basicAuth ?? {};
    if (Object.values(asked).includes(name)) await reconcileProxy(call.daemon);
    return {};
  },

  'secret.list': ({ daemon, params }) => listSecrets(daemon.store, params.project).map(({ environment, name, updatedAt }) => ({ environment, name, updatedAt })),

  'secret.remove'({ daemon, params }) {
    const removed = daemon.store.transaction(() => removeSecret(daemon.store, params.project, params.environment, params.name));
    if (!removed) throw new RedControlError('NOT_FOUND', `Expected a secret of ${params.project}/${params.environment}, got ${params.name}`, { hint: 'See `redcontrol secret list`.' });
    return {};
  },
};

/** What waits for it is tried at once. */
function setChannelSecret({ daemon, parts, params }: Call<'secret.set'>): Record<string, never> {
  if (!getProject(daemon.store, params.project)) throw new RedControlError('NOT_FOUND', `Expected a project of this server, got ${params.project}`, { hint: 'Apply the project first.' });
  storeSecret(daemon, params);
  daemon.store.transaction(() => clearChannelWaits(daemon.store, params.project));
  parts.outbox.wake();
  return {};
}
