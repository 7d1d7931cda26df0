import { randomBytes } from 'node:crypto';
import { RedControlError, type ProjectConfig } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { ensureNetwork, ensureVolume, inspectContainer, listContainers, removeContainer, removeNetwork, removeVolume } from '../engine/index.ts';
import { withLock } from '../release/environment-lock.ts';
import { seal } from '../secrets/index.ts';
import { addDatabase, getDatabase, retireDatabase, reviveDatabase, type StoredDatabase } from '../store/index.ts';
import { databaseAccess, databaseContainer, databaseHost, environmentNetwork, volumeName } from './database-place.ts';
import { databaseSealContext } from './database-secrets.ts';
import { databaseWishes, type DatabaseWish } from './database-wishes.ts';
import { awaitsMachine, engineOf, imagesFor, serviceBytes } from './environment-engine.ts';
import { databaseKinds, databaseMemoryBytes, databaseTuning, databaseVariables, startDatabase, waitForDatabase } from './databases/index.ts';

/** Throws DATABASE_UPGRADE_REFUSED where the configuration asks for another engine or version than the data was made with. */
export function assertSameDatabase(wish: DatabaseWish, stored: StoredDatabase): void {
  const sameVersion = wish.version === undefined || wish.version === stored.version || wish.version === stored.upgradedFrom;
  if (wish.engine === stored.engine && sameVersion) return;
  throw new RedControlError(
    'DATABASE_UPGRADE_REFUSED',
    `Expected ${stored.engine} ${stored.version} as the data of ${stored.environment} was made with, got ${wish.engine} ${wish.version ?? ''}`.trim(),
    { hint: wish.engine === stored.engine ? `Nothing was changed. Upgrade the data first: redcontrol database upgrade -e ${stored.environment} --to ${wish.version}. Or go back to version ${stored.version}.` : `Nothing was changed. Remove ${stored.role} from the environment, apply, add it with the new engine, and apply: the old data stays on its volume. Or go back to ${stored.engine}.` },
  );
}

/**
 * Brings network, volumes and databases of an environment to what the configuration says: makes what is missing,
 * starts what is stopped, never touches data. Answers the variables by which the app finds them. Throws CONFLICT where
 * the environment's virtual machine is not made yet.
 */
export function ensureEnvironmentServices(daemon: DaemonContext, options: ServicesWish): Promise<Record<string, string>> {
  return withLock(`services/${options.config.project}/${options.environment}`, () => ensureServices(daemon, options));
}

export interface ServicesWish {
  config: ProjectConfig;
  environment: string;
  onOutput: (text: string) => void;
  signal?: AbortSignal;
}

async function ensureServices(daemon: DaemonContext, options: ServicesWish): Promise<Record<string, string>> {
  const { config, environment, signal } = options;
  const settings = config.environments[environment];
  if (!settings) throw new RedControlError('NOT_FOUND', `Expected an environment of ${config.project}, got ${environment}`);
  const owner = { project: config.project, environment };
  if (awaitsMachine(daemon, config, environment)) {
    throw new RedControlError('CONFLICT', `Expected the virtual machine of ${environment}, it is made with the first release`, { hint: `redcontrol deploy -e ${environment}` });
  }
  const network = environmentNetwork(daemon, config.project, environment);
  const engine = engineOf(daemon, owner);
  await ensureNetwork(engine, network, { role: 'network', ...owner });
  for (const volume of Object.keys(config.volumes)) {
    await ensureVolume(engine, volumeName(daemon, owner, volume), { role: 'volume', ...owner, name: volume });
  }
  await stopUnwishedDatabases(daemon, owner, databaseWishes(settings));
  const variables = await Promise.all(databaseWishes(settings).map((wish) => ensureDatabase(daemon, { wish, owner, network, config, onOutput: options.onOutput, signal })));
  return Object.assign({}, ...variables);
}

/** Removes everything of an environment that runs; its volumes only when `data` is true. */
export async function removeEnvironmentServices(daemon: DaemonContext, owner: { project: string; environment: string }, options: { data: boolean; volumes: string[] }): Promise<void> {
  // A machine goes with all that runs in it, and its disk with all volumes.
  if (daemon.machines.deployed.engineOf(owner)) return daemon.machines.deployed.remove(owner, options);
  for (const container of await listContainers(daemon.engine, owner)) await removeContainer(daemon.engine, container.id);
  await removeNetwork(daemon.engine, environmentNetwork(daemon, owner.project, owner.environment));
  if (!options.data) return;
  for (const volume of options.volumes) await removeVolume(daemon.engine, volume);
}

/** A database that the configuration no longer names stops; its data is kept, and found again when it is named again. */
async function stopUnwishedDatabases(daemon: DaemonContext, owner: { project: string; environment: string }, wishes: readonly DatabaseWish[]): Promise<void> {
  for (const role of ['database', 'redis'] as const) {
    const stored = getDatabase(daemon.store, owner.project, owner.environment, role);
    if (!stored || wishes.some((wish) => wish.role === role)) continue;
    await removeContainer(engineOf(daemon, owner), databaseContainer(daemon, stored));
    daemon.store.transaction(() => retireDatabase(daemon.store, stored));
  }
}

interface DatabaseStart {
  wish: DatabaseWish;
  owner: { project: string; environment: string };
  network: string;
  config: ProjectConfig;
  onOutput: (text: string) => void;
  signal: AbortSignal | undefined;
}

const databaseTimeoutMs = 180_000;

async function ensureDatabase(daemon: DaemonContext, start: DatabaseStart): Promise<Record<string, string>> {
  const { wish, owner, network } = start;
  const stored = getDatabase(daemon.store, owner.project, owner.environment, wish.role) ?? (await addWishedDatabase(daemon, start));
  assertSameDatabase(wish, stored);
  const kind = wish.engine;
  const engine = engineOf(daemon, owner);
  const host = databaseHost(wish.role);
  const access = databaseAccess(daemon, stored);
  const containerName = databaseContainer(daemon, stored);

  const known = await inspectContainer(engine, containerName);
  // After a restore or an upgrade the data are on another volume; a container from before has no label that says which it has.
  const hasOtherVolume = known !== undefined && (known.labels['redcontrol.volume'] ?? stored.volume) !== stored.volume;
  const connections = wish.role === 'database' ? start.config.environments[owner.environment]?.database?.connections : undefined;
  const memoryBytes = engine === daemon.engine ? databaseMemoryBytes() : serviceBytes;
  const tuning = databaseTuning(kind, { memoryBytes, connections });
  // Other settings by themselves are no reason to break connections: they hold from the next start; a limit that somebody asks for holds at once.
  const hasOtherLimit = known !== undefined && (known.labels['redcontrol.connections'] ?? '') !== String(connections ?? '');
  if (!known?.running || hasOtherVolume || hasOtherLimit) {
    if (known) await removeContainer(engine, known.id);
    await ensureVolume(engine, stored.volume, { role: 'volume', ...owner, name: host });
    const images = imagesFor(daemon, engine, start.config);
    const imageReference = await images.ensure({ kind: databaseKinds[kind].image, version: stored.version }, { onOutput: (chunk) => start.onOutput(String(chunk)), ...(start.signal ? { signal: start.signal } : {}) });
    await startDatabase(engine, {
      containerName, engine: kind, imageReference, network, access, volume: stored.volume,
      labels: { role: 'database', ...owner, name: host, volume: stored.volume, ...(connections === undefined ? {} : { connections }) }, memoryBytes, tuning,
    });
  }
  await waitForDatabase(engine, { containerId: containerName, engine: kind, access, timeoutMs: databaseTimeoutMs, clock: daemon.clock, ...(start.signal ? { signal: start.signal } : {}) });
  return databaseVariables(kind, access);
}

async function addWishedDatabase(daemon: DaemonContext, { wish, owner, config, onOutput, signal }: DatabaseStart): Promise<StoredDatabase> {
  const images = daemon.images(config.images.source, config.images.mirror);
  const version = wish.version ?? (await images.databaseVersions()).find((known) => known.engine === wish.engine)?.versions[0];
  if (!version) throw new RedControlError('IMAGE_UNAVAILABLE', `Expected a version of ${wish.engine} that this server can get, found none`, { hint: 'See `redcontrol databases`.' });
  const role = wish.role;
  const revived = daemon.store.transaction(() => reviveDatabase(daemon.store, { ...owner, role, engine: wish.engine, version }));
  if (revived) return revived;
  // Before anything is noted of it: a version that there is not must not bind the environment to it.
  await images.ensure({ kind: databaseKinds[wish.engine].image, version }, { onOutput: (chunk) => onOutput(String(chunk)), ...(signal ? { signal } : {}) });
  const stored: StoredDatabase = { ...owner, role, engine: wish.engine, version, volume: volumeName(daemon, owner, `${role}-${wish.engine}-${version}`), password: new Uint8Array() };
  stored.password = seal(daemon.key, Buffer.from(randomBytes(18).toString('hex')), databaseSealContext(stored));
  daemon.store.transaction(() => addDatabase(daemon.store, stored, daemon.clock.now()));
  return stored;
}
