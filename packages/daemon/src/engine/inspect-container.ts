import type { ContainerInspectInfo } from 'dockerode';
import { askEngine, engineStatus } from './engine-error.ts';
import type { Engine } from './engine.ts';

export interface ContainerState {
  id: string;
  name: string;
  imageId: string;
  running: boolean;
  /** It ended by itself, and the engine waits before it starts it again. */
  restarting: boolean;
  /** Of its first process on the engine's machine; 0 while it does not run. */
  pid: number;
  /** Of the last end; 0 while it runs for the first time. */
  exitCode: number;
  /** ISO 8601, UTC; undefined when it never started. */
  startedAt: string | undefined;
  finishedAt: string | undefined;
  labels: Record<string, string>;
  /** Network name → IPv4 address; only of networks where it has one now. */
  addresses: Record<string, string>;
  /** `8080/tcp` → `127.0.0.1:49153` and so on. */
  published: Record<string, string[]>;
  oomKilled: boolean;
  restartCount: number;
  health?: 'starting' | 'healthy' | 'unhealthy';
}

/** What a container (by id or name) is doing, or undefined when there is none. */
export async function inspectContainer(engine: Engine, id: string): Promise<ContainerState | undefined> {
  return askEngine(engine, `inspect the container ${id}`, async () => {
    try {
      return containerState(await engine.docker.getContainer(id).inspect());
    } catch (thrown) {
      if (engineStatus(thrown) === 404) return undefined;
      throw thrown;
    }
  });
}

function containerState(info: ContainerInspectInfo): ContainerState {
  const health = info.State.Health?.Status;
  return {
    id: info.Id,
    name: info.Name.replace(/^\//, ''),
    imageId: info.Image,
    running: info.State.Running && !info.State.Restarting,
    restarting: info.State.Restarting,
    pid: info.State.Pid,
    exitCode: info.State.ExitCode,
    startedAt: timeOrUndefined(info.State.StartedAt),
    finishedAt: timeOrUndefined(info.State.FinishedAt),
    labels: info.Config.Labels ?? {},
    addresses: addressesOf(info),
    published: publishedOf(info),
    oomKilled: info.State.OOMKilled,
    restartCount: info.RestartCount,
    ...(health === 'starting' || health === 'healthy' || health === 'unhealthy' ? { health } : {}),
  };
}

function addressesOf(info: ContainerInspectInfo): Record<string, string> {
  const addresses: Record<string, string> = {};
  for (const [network, settings] of Object.entries(info.NetworkSettings.Networks)) {
    if (settings.IPAddress) addresses[network] = settings.IPAddress;
  }
  return addresses;
}

function publishedOf(info: ContainerInspectInfo): Record<string, string[]> {
  const published: Record<string, string[]> = {};
  for (const [port, bindings] of Object.entries(info.NetworkSettings.Ports ?? {})) {
    if (bindings) published[port] = bindings.map((binding) => `${binding.HostIp}:${binding.HostPort}`);
  }
  return published;
}

/** The engine writes year 1 for "never". */
function timeOrUndefined(time: string): string | undefined {
  return time.startsWith('0001-') ? undefined : time;
}
