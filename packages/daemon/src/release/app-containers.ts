import type { DaemonContext } from '../context.ts';
import { engineOf, environmentNetwork, volumeName } from '../environment/index.ts';
import { inspectContainer, listContainers, removeContainer, startContainer, stopContainer, type ContainerSpec, type ContainerState, type Engine } from '../engine/index.ts';
import type { SiteServer } from '../proxy/index.ts';
import { addEarlierAssets } from './add-earlier-assets.ts';
import type { ReleaseProcess, ReleaseSnapshot } from './release-snapshot.ts';
import { processLabel, type ReleaseUnit, type UnitRelease } from './release-units.ts';
import { shellCommand } from './shell-command.ts';

/** A running container of a release. */
export interface AppContainer {
  id: string;
  name: string;
  process: string;
  /** Which of several apps it is of. */
  app?: string;
  imageId: string;
  /** Of its first process on the engine's machine. */
  pid: number;
  running: boolean;
  /** It ended by itself, and the engine is about to start it again. */
  restarting: boolean;
  /** How often the engine did so. */
  restarts: number;
  address: string;
  /** Where it runs. */
  engine: Engine;
}

/** Images of the presets start as their own user; a Dockerfile of the repository may start as root and change to another. */
const ownDockerfileCapabilities = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID', 'NET_BIND_SERVICE', 'KILL'];
const appPids = 1024;

/** How a container of the release is started, without its name and process: also for the migration. */
export function appContainerSpec(daemon: DaemonContext, release: UnitRelease, snapshot: ReleaseSnapshot): Omit<ContainerSpec, 'name' | 'labels'> {
  const owner = { project: release.project, environment: release.environment };
  return {
    image: release.imageId,
    network: environmentNetwork(daemon, release.project, release.environment),
    variables: { ...snapshot.variables, REDCONTROL_RELEASE: String(release.number), REDCONTROL_COMMIT: release.commit, REDCONTROL_ENVIRONMENT: release.environment, ...(release.app === undefined ? {} : { REDCONTROL_APP: release.app }) },
    mounts: Object.entries(snapshot.volumes).map(([volume, target]) => ({ kind: 'volume' as const, source: volumeName(daemon, owner, volume), target })),
    init: true,
    pidsLimit: appPids,
    ...(snapshot.ownDockerfile ? { capabilities: ownDockerfileCapabilities } : {}),
  };
}

/** Starts every instance of one process; instances of it that already run for this release are kept. */
export async function startProcess(daemon: DaemonContext, release: UnitRelease, snapshot: ReleaseSnapshot, process: ReleaseProcess): Promise<void> {
  const spec = appContainerSpec(daemon, release, snapshot);
  const existing = await listReleaseContainers(daemon, release);
  const starts = instanceNames(daemon, release, process).map(async (name) => {
    const known = existing.find((container) => container.name === name);
    if (known?.running) return;
    if (known) await removeContainer(known.engine, known.id);
    await startContainer(engineOf(daemon, release), {
      ...spec,
      name,
      ...(process.command === undefined ? {} : { command: shellCommand(process.command) }),
      variables: { ...spec.variables, ...process.variables, REDCONTROL_PROCESS: process.name },
      labels: { role: process.name === 'web' ? 'web' : 'process', project: release.project, environment: release.environment, release: release.id, ...(release.app === undefined ? {} : { app: release.app }), name: process.name },
      aliases: [networkName(release, process.name)],
      memoryBytes: process.memoryBytes,
      ...(process.cpus === undefined ? {} : { cpus: process.cpus }),
      stopSignal: process.stopSignal,
      restart: 'unless-stopped',
    }, process.name === 'web' ? (id) => addEarlierAssets(daemon, { release, snapshot, container: id }) : undefined);
  });
  await Promise.all(starts);
}

/** Names of the containers of all instances of a process. */
export function instanceNames(daemon: DaemonContext, release: UnitRelease, { name, instances }: Pick<ReleaseProcess, 'name' | 'instances'>): string[] {
  const network = environmentNetwork(daemon, release.project, release.environment);
  return Array.from({ length: instances }, (_, index) => `${network}--r${release.number}-${processLabel(release, name)}-${index + 1}`);
}

/** Containers of a release as the engine sees them now. */
export async function listReleaseContainers(daemon: DaemonContext, release: Pick<UnitRelease, 'id' | 'project' | 'environment' | 'app'>): Promise<AppContainer[]> {
  const engine = engineOf(daemon, release);
  const listed = await listContainers(engine, { project: release.project, environment: release.environment, release: release.id, ...(release.app === undefined ? {} : { app: release.app }) });
  const network = environmentNetwork(daemon, release.project, release.environment);
  const inspected = await Promise.all(listed.map((container) => inspectContainer(engine, container.id)));
  return inspected
    .flatMap((container) => (container ? [container] : []))
    .filter((container) => container.labels['redcontrol.role'] === 'web' || container.labels['redcontrol.role'] === 'process')
    .map((container) => appContainerOf(container, { network, engine }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** Name by which the others of the environment reach a process: the app's own for its web process. */
function networkName({ app }: UnitRelease, process: string): string {
  if (app === undefined) return process;
  return process === 'web' ? app : `${process}.${app}`;
}

/** Stops and removes what runs of these units. */
export async function stopUnits(daemon: DaemonContext, units: readonly ReleaseUnit[]): Promise<void> {
  await Promise.all(units.map(async ({ release, snapshot }) => stopContainers(await listReleaseContainers(daemon, release), snapshot)));
}

/** What the engine tells of a container, as that of a release. */
export function appContainerOf(container: ContainerState, { network, engine }: { network: string; engine: Engine }): AppContainer {
  const app = container.labels['redcontrol.app'];
  return {
    id: container.id, name: container.name, process: container.labels['redcontrol.name'] ?? 'web', ...(app === undefined ? {} : { app }), imageId: container.imageId, pid: container.pid,
    running: container.running, restarting: container.restarting, restarts: container.restartCount, address: container.addresses[network] ?? '', engine,
  };
}

/** The web containers of a release as servers of the proxy, checked by it where one can stand in for another. */
export function siteServers(containers: readonly AppContainer[], { port, health }: Pick<ReleaseSnapshot, 'port' | 'health'>): SiteServer[] {
  const web = containers.filter((container) => container.process === 'web' && container.running && container.address !== '');
  const check = web.length > 1 ? { check: { path: health.path, ...(health.statuses ? { statuses: health.statuses } : {}) } } : {};
  return web.map((container) => ({ name: serverName(container), address: container.address, port, state: 'ready' as const, ...check }));
}

/** Name of a container in the proxy: `r12-web-1`. */
export function serverName(container: Pick<AppContainer, 'name'>): string {
  return container.name.slice(container.name.lastIndexOf('--') + 2);
}

/** Stops and removes containers of a release, with each process's own signal and time. */
export async function stopContainers(containers: readonly AppContainer[], snapshot: ReleaseSnapshot): Promise<void> {
  await Promise.all(
    containers.map(async (container) => {
      const process = snapshot.processes.find((one) => one.name === container.process);
      await stopContainer(container.engine, container.id, { timeoutMs: process?.stopMs ?? 10_000, ...(process ? { signal: process.stopSignal } : {}) });
      await removeContainer(container.engine, container.id);
    }),
  );
}
