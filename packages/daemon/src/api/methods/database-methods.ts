import { removeKeptVolume, upgradeDatabase } from '../../backup/index.ts';
import { listKeptVolumes } from '../../store/index.ts';
import type { Handlers } from '../handlers.ts';
import { configWith, progressOf } from './backup-methods.ts';

export const databaseMethods: Pick<Handlers, 'database.upgrade' | 'database.kept' | 'database.forget'> = {
  'database.upgrade'(call) {
    const { daemon, params, caller, signal } = call;
    const config = configWith(call, params.environment);
    return upgradeDatabase(daemon, { config, environment: params.environment, role: params.role, to: params.to, startedBy: caller.name, say: progressOf(call, 'upgrade'), signal });
  },

  'database.kept': ({ daemon, params }) => listKeptVolumes(daemon.store, params.project, params.environment).map(({ volume, engine, version, keptAt }) => ({ volume, engine, version, keptAt })),

  async 'database.forget'({ daemon, params }) {
    await removeKeptVolume(daemon, params, params.volume);
    return {};
  },
};
