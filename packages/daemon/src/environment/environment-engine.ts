import { availableParallelism } from 'node:os';
import { appConfigs, parseSizeBytes, RedControlError, type AppProcess, type Isolation, type ProjectConfig } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import type { Engine } from '../engine/index.ts';
import { copyImage, type MachineOwner } from '../machine/index.ts';
import type { Images } from '../images/index.ts';
import type { ImageNeed } from '@redcontrol/presets';
import { liveRelease } from '../store/index.ts';
import { databaseWishes } from './database-wishes.ts';
import { databaseKinds } from './databases/index.ts';

/** The engine on which an environment's app and data are: that of its virtual machine where it has one, else the server's. */
export function engineOf(daemon: Pick<DaemonContext, 'engine' | 'machines'>, owner: MachineOwner): Engine {
  return daemon.machines.deployed.engineOf(owner) ?? daemon.engine;
}

/** Every engine on which something of an environment may be. */
export function allEngines(daemon: Pick<DaemonContext, 'engine' | 'machines'>): Engine[] {
  const { deployed } = daemon.machines;
  return [daemon.engine, ...deployed.owners().flatMap((owner) => deployed.engineOf(owner) ?? [])];
}

/** How an environment's app is to run, pure. */
export function environmentIsolation(config: ProjectConfig, environment: string): Isolation {
  return config.environments[environment]?.isolation ?? config.isolation;
}

/** Whether an environment is to be in a virtual machine that there is not yet: until its first release nothing of it may be on the server's engine. */
export function awaitsMachine(daemon: Pick<DaemonContext, 'machines' | 'store'>, config: ProjectConfig, environment: string): boolean {
  const isThere = daemon.machines.deployed.engineOf({ project: config.project, environment }) !== undefined;
  return environmentIsolation(config, environment) === 'vm' && !isThere && liveRelease(daemon.store, config.project, environment) === undefined;
}

const systemBytes = 768 * 1024 ** 2;
/** What each database may take in a virtual machine, which is made that much larger. */
export const serviceBytes = 1024 ** 3;

/** What the machine of an environment needs, pure: two versions of the app side by side during a switch, its databases, and its own system. */
export function environmentMachineSize(config: ProjectConfig, environment: string): { memoryBytes: number; cpus: number } {
  const settings = config.environments[environment];
  if (!settings) throw new RedControlError('NOT_FOUND', `Expected an environment of ${config.project}, got ${environment}`);
  const appBytes = appConfigs(config).reduce((sum, app) => sum + processBytes(app.config, environment), 0);
  return { memoryBytes: 2 * appBytes + databaseWishes(settings).length * serviceBytes + systemBytes, cpus: config.limits.cpus };
}

function processBytes({ processes, environments }: ProjectConfig, environment: string): number {
  const all = Object.entries<Partial<AppProcess>>({ web: {}, ...processes });
  return all.reduce((sum, [name, process]) => sum + parseSizeBytes(process.memory ?? '512M') * (environments[environment]?.instances?.[name] ?? process.instances ?? 1), 0);
}

/** What the machine of one run needs at least, pure: databases for tests come on top. */
export function runMachineSize(config: ProjectConfig): { memoryBytes: number; cpus: number } {
  return { memoryBytes: parseSizeBytes(config.limits.memory) + systemBytes, cpus: config.limits.cpus };
}

/**
 * Brings the environment's engine up: makes or starts its virtual machine where the configuration asks for one. Throws
 * CONFLICT when an app that is live, or data, is on the other kind of engine: neither is moved.
 */
export async function ensureEnvironmentEngine(
  daemon: DaemonContext,
  options: { config: ProjectConfig; environment: string; hasRelease: boolean; runtimes: readonly ImageNeed[]; onOutput: (text: string) => void; signal?: AbortSignal },
): Promise<Engine> {
  const { config, environment } = options;
  const owner = { project: config.project, environment };
  const wanted = environmentIsolation(config, environment);
  const isThere: Isolation = daemon.machines.deployed.engineOf(owner) ? 'vm' : 'container';
  if (wanted !== isThere && (options.hasRelease || isThere === 'vm')) {
    throw new RedControlError('CONFLICT', `Expected ${environment} to stay in a ${isThere === 'vm' ? 'virtual machine' : 'container'}, its configuration asks for \`isolation: ${wanted}\``, {
      hint: 'What is live serves on. Name a new environment with the other isolation, bring its data over, and give it the domain.',
    });
  }
  if (wanted === 'container') return daemon.engine;
  const size = environmentMachineSize(config, environment);
  const baseImages = () => Promise.all(machineImages(daemon, config, options));
  return daemon.machines.deployed.ensure(owner, { ...size, cpus: Math.min(size.cpus, availableParallelism()), baseImages }, { onOutput: options.onOutput, ...(options.signal ? { signal: options.signal } : {}) });
}

/** What an app's images stand on, and those of its databases. */
function machineImages(daemon: DaemonContext, config: ProjectConfig, options: { environment: string; runtimes: readonly ImageNeed[]; signal?: AbortSignal }): Promise<string>[] {
  const images = daemon.images(config.images.source, config.images.mirror);
  const databases = databaseWishes(config.environments[options.environment]!).map((wish): ImageNeed => ({ kind: databaseKinds[wish.engine].image, ...(wish.version ? { version: wish.version } : {}) }));
  return [...options.runtimes, ...databases].map((need) => images.ensure(need, options.signal ? { signal: options.signal } : {}));
}

/** Images of this server that are on the environment's engine as well, once they are asked for. */
export function imagesFor(daemon: DaemonContext, engine: Engine, config: ProjectConfig): Pick<Images, 'ensure'> {
  const images = daemon.images(config.images.source, config.images.mirror);
  if (engine === daemon.engine) return images;
  return {
    async ensure(need, options) {
      const reference = await images.ensure(need, options);
      await copyImage(daemon.engine, engine, reference, options?.signal);
      return reference;
    },
  };
}
