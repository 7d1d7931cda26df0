import type { DaemonContext } from '../context.ts';
import { environmentNetwork, volumeName } from '../environment/index.ts';
import { inspectContainer, listContainers, removeContainer, startContainer, stopContainer, type ContainerSpec } from '../engine/index.ts';
import type { SiteServer } from '../proxy/index.ts';
import type { StoredRelease } from '../store/index.ts';
import type { ReleaseProcess, ReleaseSnapshot } from './release-snapshot.ts';
import { shellCommand } from './shell-command.ts';

/** A running container of a release. */
export interface AppContainer {
  id: string;
  name: string;
  process: string;
  imageId: string;
  running: boolean;
  address: string;
}

/** Images of the presets start as their own user; a Dockerfile of the repository may start as root and change to another. */
const ownDockerfileCapabilities = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID', 'NET_BIND_SERVICE', 'KILL'];
const appPids = 1024;

/** How a container of the release is started, without its name and process: also for the migration. */
export function appContainerSpec(daemon: DaemonContext, release: StoredRelease, snapshot: ReleaseSnapshot): Omit<ContainerSpec, 'name' | 'labels'> {
  const owner = { project: release.project, environment: release.environment };
  return {
    image: release.imageId,
    network: environmentNetwork(daemon, release.project, release.environment),
    variables: { ...snapshot.variables, REDCONTROL_RELEASE: String(release.number), REDCONTROL_COMMIT: release.commit, REDCONTROL_ENVIRONMENT: release.environment },
    mounts: Object.entries(snapshot.volumes).map(([volume, target]) => ({ kind: 'volume' as const, source: volumeName(daemon, owner, volume), target })),
    init: true,
    pidsLimit: appPids,
    ...(snapshot.ownDockerfile ? { capabilities: ownDockerfileCapabilities } : {}),
  };
}

/** Starts every instance of one process; instances of it that already run for this release are kept. */
export async function startProcess(daemon: DaemonContext, release: StoredRelease, snapshot: ReleaseSnapshot, process: ReleaseProcess): Promise<void> {
  const spec = appContainerSpec(daemon, release, snapshot);
  const existing = await listReleaseContainers(daemon, release);
  const starts = Array.from({ length: process.instances }, async (_, index) => {
    const name = `${spec.network}--r${release.number}-${process.name}-${index + 1}`;
    const known = existing.find((container) => container.name === name);
    if (known?.running) return;
    if (known) await removeContainer(daemon.engine, known.id);
    await startContainer(daemon.engine, {
      ...spec,
      name,
      ...(process.command === undefined ? {} : { command: shellCommand(process.command) }),
      variables: { ...spec.variables, ...process.variables, REDCONTROL_PROCESS: process.name },
      labels: { role: process.name === 'web' ? 'web' : 'process', project: release.project, environment: release.environment, release: release.id, name: process.name },
      aliases: [process.name],
      memoryBytes: process.memoryBytes,
      ...(process.cpus === undefined ? {} : { cpus: process.cpus }),
      stopSignal: process.stopSignal,
      restart: 'unless-stopped',
    });
  });
  await Promise.all(starts);
}

/** Containers of a release as the engine sees them now. */
export async function listReleaseContainers(daemon: DaemonContext, release: Pick<StoredRelease, 'id' | 'project' | 'environment'>): Promise<AppContainer[]> {
  const listed = await listContainers(daemon.engine, { project: release.project, environment: release.environment, release: release.id });
  const network = environmentNetwork(daemon, release.project, release.environment);
  const inspected = await Promise.all(listed.map((container) => inspectContainer(daemon.engine, container.id)));
  return inspected
    .flatMap((container) => (container ? [container] : []))
    .filter((container) => container.labels['redcontrol.role'] === 'web' || container.labels['redcontrol.role'] === 'process')
    .map((container) => ({
      id: container.id, name: container.name, process: container.labels['redcontrol.name'] ?? 'web', imageId: container.imageId,
      running: container.running, address: container.addresses[network] ?? '',
    }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** The web containers of a release as servers of the proxy. */
export function siteServers(containers: readonly AppContainer[], port: number): SiteServer[] {
  return containers
    .filter((container) => container.process === 'web' && container.running && container.address !== '')
    .map((container) => ({ name: serverName(container), address: container.address, port, state: 'ready' as const }));
}

/** Name of a container in the proxy: `r12-web-1`. */
export function serverName(container: Pick<AppContainer, 'name'>): string {
  return container.name.slice(container.name.lastIndexOf('--') + 2);
}

/** Stops and removes containers of a release, with each process's own signal and time. */
export async function stopContainers(daemon: DaemonContext, containers: readonly AppContainer[], snapshot: ReleaseSnapshot): Promise<void> {
  await Promise.all(
    containers.map(async (container) => {
      const process = snapshot.processes.find((one) => one.name === container.process);
      await stopContainer(daemon.engine, container.id, { timeoutMs: process?.stopMs ?? 10_000, ...(process ? { signal: process.stopSignal } : {}) });
      await removeContainer(daemon.engine, container.id);
    }),
  );
}
