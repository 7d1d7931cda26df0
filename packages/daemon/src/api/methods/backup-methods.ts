import { RedControlError } from '@redcontrol/contract';
import { makeBackup, proveBackup, removeBackup, restoreBackup } from '../../backup/index.ts';
import { getBackup, listBackups, publicBackup, type StoredBackup } from '../../store/index.ts';
import type { Handlers } from '../handlers.ts';
import type { Call } from '../serve-connection.ts';
import { projectWith } from './known-project.ts';

type BackupMethods = 'backup.list' | 'backup.show' | 'backup.create' | 'backup.remove' | 'backup.verify' | 'backup.key' | 'backup.restore';

export const backupMethods: Pick<Handlers, BackupMethods> = {
  'backup.list': ({ daemon, params }) => listBackups(daemon.store, params).map(publicBackup),
  'backup.show': (call) => publicBackup(knownBackup(call)),

  async 'backup.create'(call) {
    const { daemon, params, caller, signal } = call;
    const { config } = projectWith(daemon, params);
    return publicBackup(await makeBackup(daemon, { config, environment: params.environment, reason: 'manual', startedBy: caller.name, say: progressOf(call, 'backup'), signal }));
  },

  async 'backup.remove'(call) {
    const backup = knownBackup(call);
    if (backup.state === 'making') throw new RedControlError('CONFLICT', `Expected backup ${backup.id} to be over, it is being made`, { hint: 'Wait until it is over.' });
    await removeBackup(call.daemon, backup);
    return {};
  },

  async 'backup.verify'(call) {
    const backup = knownBackup(call);
    return publicBackup(await proveBackup(call.daemon, backup, { config: projectWith(call.daemon, backup).config, startedBy: call.caller.name, say: progressOf(call, 'proof'), signal: call.signal }));
  },

  'backup.key': ({ daemon }) => ({ identity: daemon.backupKey.identity, recipient: daemon.backupKey.recipient, file: daemon.backupKey.path }),

  async 'backup.restore'(call) {
    const { daemon, params, caller, signal } = call;
    const { config } = projectWith(daemon, params);
    return restoreBackup(daemon, knownBackup(call), { config, environment: params.environment, startedBy: caller.name, say: progressOf(call, 'restore'), signal });
  },
};

/** Lines for whoever asked for the work, when they want them. */
export function progressOf(call: { params: { progressToken?: string | undefined }; notify: Call['notify'] }, operation: string): (text: string) => void {
  const token = call.params.progressToken;
  return (text) => token !== undefined && call.notify('progress', { token, operation, state: 'output', text });
}

function knownBackup({ daemon, params }: { daemon: Call['daemon']; params: { project: string; backup: number } }): StoredBackup {
  const backup = getBackup(daemon.store, params.backup);
  if (backup?.project === params.project && backup.state !== 'removed') return backup;
  throw new RedControlError('NOT_FOUND', `Expected a backup of ${params.project}, got ${params.backup}`, { hint: 'See `redcontrol backup list`.' });
}
