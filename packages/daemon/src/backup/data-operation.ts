import { asRedControlError, RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { allEngines, ensureEnvironmentServices } from '../environment/index.ts';
import { listContainers, listNetworks, listVolumes, removeContainer, removeNetwork, removeVolume } from '../engine/index.ts';
import { addDataOperation, endBackup, endDataOperation, getDatabase, getProject, listKeptVolumes, listOpenBackups, listOpenDataOperations, listProjects, type DataOperation } from '../store/index.ts';
import { removeOldest } from './kept-volumes.ts';
import { backupFolder } from './backup-path.ts';
import { discardFiles, swapFiles } from './restore-volume.ts';
import { openStorage } from './storage/open-storage.ts';
import { askDatabase } from './ask-database.ts';

/** Runs something long with the data of an environment under an id that the store knows until it has its end. */
export async function withDataOperation<T>(
  daemon: DaemonContext,
  options: { kind: DataOperation['kind']; owner: { project: string; environment: string }; startedBy: string },
  work: (operation: DataOperation) => Promise<T>,
): Promise<T> {
  const { kind, owner, startedBy } = options;
  const operation = daemon.store.transition('data.started', () => addDataOperation(daemon.store, { kind, project: owner.project, environment: owner.environment, startedBy, at: daemon.clock.now() }));
  const end = (error?: RedControlError) => {
    daemon.store.transition('data.ended', () => {
      endDataOperation(daemon.store, operation.id, { at: daemon.clock.now(), ...(error ? { error: error.toJSON() } : {}) });
      // Of a proof the backup tells, of a rehearsal and a clone the run.
      if (!error || kind === 'proof' || kind === 'rehearsal' || kind === 'clone') return;
      daemon.events.add({ at: daemon.clock.now(), kind: 'data.failed', project: owner.project, environment: owner.environment, runId: null, text: `${kind} of ${owner.environment} failed: ${error.message}`, data: { kind, error: error.toJSON() } });
    });
    daemon.events.flush();
  };
  try {
    const result = await work(operation);
    end();
    return result;
  } catch (thrown) {
    end(asRedControlError(thrown));
    throw thrown;
  }
}

/**
 * After a start: backups and operations that were in the middle get their end, and what they had made and nobody uses is gone. A restore that had been
 * switched to is completed: the database runs on the restored volume.
 */
export async function recoverData(daemon: DaemonContext): Promise<void> {
  const interrupted = (what: string) => new RedControlError('INTERRUPTED', `Expected ${what} to reach its end, the daemon was stopped in the middle of it`, { hint: 'Start it again.' });
  for (const engine of allEngines(daemon)) {
    // A machine that does not answer now is looked at when it is up again.
    await removeScratch(engine).catch((error: unknown) => daemon.log.error(`scratch containers of ${engine.name} could not be removed`, error));
  }
  for (const backup of listOpenBackups(daemon.store)) {
    await removeStored(daemon, backup).catch((error: unknown) => daemon.log.error(`files of the interrupted backup ${backup.id} could not be removed`, error));
    daemon.store.transition('backup.ended', () => endBackup(daemon.store, backup.id, { files: [], error: interrupted(`backup ${backup.id}`).toJSON(), at: daemon.clock.now() }));
  }
  for (const operation of listOpenDataOperations(daemon.store)) {
    if (operation.state === 'switched') await completeSwitch(daemon, operation).catch((error: unknown) => daemon.log.error(`the database of ${operation.environment} could not be started`, error));
    else if (operation.kind === 'upgrade') await abandonUpgrade(daemon, operation).catch((error: unknown) => daemon.log.error(`the interrupted upgrade of ${operation.environment} could not be taken back`, error));
    else await removeVolumesOf(daemon, operation).catch((error: unknown) => daemon.log.error(`volumes of the interrupted ${operation.kind} could not be removed`, error));
    const error = operation.state === 'switched' ? {} : { error: interrupted(`the ${operation.kind}`).toJSON() };
    daemon.store.transition('data.ended', () => endDataOperation(daemon.store, operation.id, { at: daemon.clock.now(), ...error }));
  }
  // What a restore that ended just before the stop was still to remove.
  for (const { name: project, config } of listProjects(daemon.store)) {
    for (const environment of Object.keys(config.environments)) {
      await removeOldest(daemon, { project, environment }).catch((error: unknown) => daemon.log.error(`data of before of ${project}/${environment} could not be removed`, error));
    }
  }
}

async function removeScratch(engine: ReturnType<typeof allEngines>[number]): Promise<void> {
  for (const container of await listContainers(engine, { role: 'scratch' })) await removeContainer(engine, container.id);
  for (const network of await listNetworks(engine, { role: 'scratch' })) await removeNetwork(engine, network);
  for (const volume of await listVolumes(engine, { role: 'scratch' })) await removeVolume(engine, volume.name);
}

async function removeStored(daemon: DaemonContext, backup: ReturnType<typeof listOpenBackups>[number]): Promise<void> {
  await openStorage(daemon, backup, backup.place).remove(backupFolder(backup), []);
}

/** Databases and files that were being made for an operation that never switched to them. */
async function removeVolumesOf(daemon: DaemonContext, operation: DataOperation): Promise<void> {
  const config = getProject(daemon.store, operation.project)?.config;
  if (operation.kind === 'restore' && config?.environments[operation.environment]) {
    for (const volume of Object.keys(config.volumes)) await discardFiles(daemon, { config, environment: operation.environment, volume });
  }
  const kept = new Set(listKeptVolumes(daemon.store, operation.project, operation.environment).map(({ volume }) => volume));
  for (const engine of allEngines(daemon)) {
    for (const { name } of await listVolumes(engine, { project: operation.project, environment: operation.environment, operation: operation.id })) {
      if (!kept.has(name)) await removeVolume(engine, name);
    }
  }
}

/** Apps may write again, and the new database is gone. */
async function abandonUpgrade(daemon: DaemonContext, operation: DataOperation): Promise<void> {
  for (const role of ['database', 'redis'] as const) {
    const stored = getDatabase(daemon.store, operation.project, operation.environment, role);
    if (stored) await askDatabase(daemon, stored, 'writable');
  }
  await removeVolumesOf(daemon, operation);
}

async function completeSwitch(daemon: DaemonContext, operation: DataOperation): Promise<void> {
  const project = getProject(daemon.store, operation.project);
  if (!project?.config.environments[operation.environment]) return;
  await ensureEnvironmentServices(daemon, { config: project.config, environment: operation.environment, onOutput: () => {} });
  for (const volume of Object.keys(project.config.volumes)) await swapFiles(daemon, { config: project.config, environment: operation.environment, volume });
}
