import { randomBytes } from 'node:crypto';
import { chown, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { workUser, type WorkContext } from '../context.ts';
import { acrossRestarts, ensureNetwork, idleCommand, inspectContainer, listContainers, openContainerRunner, removeContainer, removeNetwork, startContainer, type CommandRunner, type Engine, type OpenRunner } from '../engine/index.ts';
import { environmentKey, type EnvironmentNeeds } from './environment-needs.ts';
import { createMachineEnvironment } from './machine-environment.ts';
import { serviceImage, startService } from './start-service.ts';
import { treeMount } from './tree-mount.ts';

/** One run's isolated place: a container with the working tree, its databases, and a network of their own. */
export interface RunEnvironment {
  id: string;
  key: string;
  /** Folder in the tree where commands run. */
  root: string;
  engine: Engine;
  /** Folder on this machine that the container sees as /work, or what sendTree brings there. */
  treeDirectory: string;
  /** Variables by which steps find the databases. */
  variables: Record<string, string>;
  /** Key of the dependencies that are installed in the tree; undefined: none yet. */
  dependencies: string | undefined;
  /** Container of steps in the given image; started when first asked for. undefined: the toolchain's. */
  container(imageReference?: string): Promise<string>;
  /** Runs commands of the work user in the toolchain's container without the engine, where it can. */
  runner?: CommandRunner | undefined;
  /** Brings what was checked out into treeDirectory to where the steps see it. */
  sendTree(signal?: AbortSignal): Promise<void>;
  /** Folder on this machine in which the reports that steps wrote can be found. */
  reportsDirectory(): Promise<string>;
  /** Whether all that it consists of still runs: what stops the engine stops it as well. One that ran out of memory is its own doing. */
  stands(): Promise<boolean>;
  /** Removes all of it; safe to call twice. */
  dispose(): Promise<void>;
}

/** Makes an environment with its databases answering and an empty tree. Whatever fails, nothing of it stays. */
export async function createRunEnvironment(
  daemon: WorkContext,
  needs: EnvironmentNeeds,
  options: { onOutput: (text: string) => void; signal?: AbortSignal },
): Promise<RunEnvironment> {
  return needs.isolation === 'vm' ? createMachineEnvironment(daemon, needs, options) : createContainerEnvironment(daemon, needs, options);
}

async function createContainerEnvironment(
  daemon: WorkContext,
  needs: EnvironmentNeeds,
  options: { onOutput: (text: string) => void; signal?: AbortSignal },
): Promise<RunEnvironment> {
  const { engine } = daemon;
  const id = randomBytes(5).toString('hex');
  const name = `rc-${daemon.options.instance}-run-${id}`;
  const directory = join(daemon.options.dataDirectory, 'work', id);
  const treeDirectory = join(directory, 'tree');
  const containers = new Map<string, Promise<string>>();
  const services: string[] = [];
  let runner: OpenRunner | undefined;

  const dispose = () => acrossRestarts(engine, async () => {
    await Promise.allSettled(containers.values());
    runner?.close();
    // By their label: of one whose start was broken off nobody was told.
    const left = [...(await listContainers(engine, { role: 'run', name: id })), ...(await listContainers(engine, { role: 'service', name: id }))];
    await Promise.all(left.map((container) => removeContainer(engine, container.id)));
    await removeNetwork(engine, name);
    await rm(directory, { recursive: true, force: true });
  });

  try {
    const images = daemon.images(needs.images.source, needs.images.mirror);
    const onOutput = (chunk: Buffer | string) => options.onOutput(String(chunk));
    const toolchain = await images.ensure(needs.recipe.toolchain, { onOutput, signal: options.signal });
    await mkdir(treeDirectory, { recursive: true, mode: 0o755 });
    await chown(treeDirectory, workUser.uid, workUser.gid);
    await ensureNetwork(engine, name, { role: 'network', project: needs.project, name: id });

    const mounts = await cacheMounts(daemon, needs);
    const container = (reference = toolchain) => {
      const known = containers.get(reference);
      if (known) return known;
      const started = startContainer(engine, {
        name: containers.size === 0 ? name : `${name}-${containers.size}`,
        image: reference,
        entrypoint: [],
        command: [...idleCommand],
        user: `${workUser.uid}:${workUser.gid}`,
        workingDir: treeMount,
        labels: { role: 'run', project: needs.project, name: id },
        network: name,
        mounts: [{ kind: 'bind', source: treeDirectory, target: treeMount }, ...mounts],
        memoryBytes: needs.memoryBytes, cpus: needs.cpus, pidsLimit: needs.pids, cpuShares: runCpuShares,
      }).then(({ id: containerId }) => containerId);
      containers.set(reference, started);
      return started;
    };
    const [, ...variables] = await Promise.all([
      container(),
      ...needs.services.map(async (service) => startService(daemon, {
        service, imageReference: await serviceImage(daemon, { service, needs, onOutput, signal: options.signal }), needs, network: name, id, services, signal: options.signal,
      })),
    ]);
    runner = await openContainerRunner(engine, { container: await container(), user: `${workUser.uid}:${workUser.gid}`, workingDir: treeMount });
    return {
      id, key: environmentKey(needs), root: needs.root, engine, treeDirectory, variables: Object.assign({}, ...variables), dependencies: undefined, runner: runner?.run, container, dispose,
      sendTree: async () => {},
      reportsDirectory: async () => treeDirectory,
      async stands() {
        const ids = [...(await Promise.all(containers.values())), ...services];
        const states = await Promise.all(ids.map((one) => inspectContainer(engine, one)));
        return states.every((state) => state !== undefined && (state.running || state.oomKilled));
      },
    };
  } catch (error) {
    await dispose().catch((cause: unknown) => daemon.log.error(`environment ${id} could not be removed`, cause));
    throw error;
  }
}

/** A quarter of the default: runs and builds yield to what serves people. */
const runCpuShares = 256;

/** Download caches: kept apart for runs that deploy and runs that do not, so that a stranger's branch cannot poison a release. */
async function cacheMounts(daemon: WorkContext, needs: EnvironmentNeeds) {
  return Promise.all(
    Object.entries(needs.recipe.caches).map(async ([cache, target]) => {
      const source = join(daemon.options.dataDirectory, 'cache', needs.project, needs.scope, cache);
      await mkdir(source, { recursive: true });
      await chown(source, workUser.uid, workUser.gid);
      return { kind: 'bind' as const, source, target };
    }),
  );
}
