import { createHash, randomBytes } from 'node:crypto';
import { chown, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RedControlError } from '@redcontrol/contract';
import { pack } from 'tar-stream';
import { workUser, type WorkContext } from '../context.ts';
import { ensureNetwork, idleCommand, putArchive, runnerCommand, startContainer, type ContainerSpec, type Engine } from '../engine/index.ts';
import { copyImage, type Machine } from '../machine/index.ts';
import { environmentKey, type EnvironmentNeeds } from './environment-needs.ts';
import { fetchReports } from './fetch-reports.ts';
import { createTreeSender } from './send-tree.ts';
import type { RunEnvironment } from './run-environment.ts';
import { serviceImage, serviceMemoryBytes, startService } from './start-service.ts';
import { treeMount } from './tree-mount.ts';

/** The guest's kernel, engine and file cache. */
const systemBytes = 768 * 1024 ** 2;
/** Images, containers and scratch databases beside the tree, which `limits.disk` is about. */
const systemDiskBytes = 12 * 1024 ** 3;

/** What the preparation of a machine leaves in it. */
interface Prepared {
  container: string;
  variables: Record<string, string>;
  /** Whether a shell stands in the container and takes commands. */
  hasRunner: boolean;
}

/**
 * A run's place in a virtual machine of its own: the same containers as on the server's engine, started once before the
 * machine was saved, and running at once in every copy. The tree goes in as an archive: a folder of the server is never
 * mounted. Download caches are not there: what one run leaves must not reach another.
 */
export async function createMachineEnvironment(
  daemon: WorkContext,
  needs: EnvironmentNeeds,
  options: { onOutput: (text: string) => void; signal?: AbortSignal },
): Promise<RunEnvironment> {
  const { machines } = daemon;
  if (!machines) throw new RedControlError('SERVER_UNSUPPORTED', 'Expected virtual machines for `isolation: vm`, there are none here', { hint: 'Only a server has them: push, or use `isolation: container`.' });
  const wish = await machineWish(daemon, needs, options);
  const { machine, prepared } = await machines.forRun(wish, options);
  const { container, variables, hasRunner } = prepared as Prepared;
  const id = randomBytes(5).toString('hex');
  const directory = join(daemon.options.dataDirectory, 'work', id);
  const treeDirectory = join(directory, 'tree');
  const containers = new Map<string, Promise<string>>();
  const { engine } = machine;
  const dispose = async () => {
    await machine.end();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await mkdir(treeDirectory, { recursive: true, mode: 0o755 });
    await chown(treeDirectory, workUser.uid, workUser.gid);
    const runner = hasRunner ? (await machine.openRunner()).run : undefined;
    const sender = createTreeSender({ engine, container, runner, directory: treeDirectory, target: treeMount });
    return {
      id, key: environmentKey(needs), root: needs.root, engine, treeDirectory, variables, dependencies: undefined, runner, dispose,
      container(reference) {
        if (reference === undefined || reference === wish.images[0]) return Promise.resolve(container);
        const known = containers.get(reference);
        if (known) return known;
        const started = copyImage(daemon.engine, engine, reference, options.signal)
          .then(() => startContainer(engine, containerSpec(needs, reference, `rc-run-${containers.size}`)))
          .then((one) => one.id);
        containers.set(reference, started);
        return started;
      },
      sendTree: (signal) => sender.send(signal),
      // Its engine is its own.
      stands: async () => true,
      async reportsDirectory() {
        const reports = join(directory, 'reports');
        await mkdir(reports, { recursive: true });
        await fetchReports({ engine, container, tree: treeMount, directory: reports });
        return reports;
      },
    };
  } catch (error) {
    await dispose().catch((cause: unknown) => daemon.log.error(`machine ${machine.name} could not be ended`, cause));
    throw error;
  }
}

const network = 'rc-run';

async function machineWish(daemon: WorkContext, needs: EnvironmentNeeds, options: { onOutput: (text: string) => void; signal?: AbortSignal }) {
  const images = daemon.images(needs.images.source, needs.images.mirror);
  const ensure = { onOutput: (chunk: Buffer) => options.onOutput(String(chunk)), ...(options.signal ? { signal: options.signal } : {}) };
  const toolchain = await images.ensure(needs.recipe.toolchain, ensure);
  const services = await Promise.all(needs.services.map(async (service) => ({ service, imageReference: await serviceImage(daemon, { service, needs, ...ensure }) })));
  const others = await Promise.all(needs.buildImages.map((need) => images.ensure(need, ensure)));
  return {
    memoryBytes: needs.memoryBytes + services.length * serviceMemoryBytes + systemBytes,
    cpus: needs.cpus,
    diskBytes: needs.diskBytes + systemDiskBytes,
    images: [...new Set([toolchain, ...services.map((one) => one.imageReference), ...others])],
    preparation: {
      // Nothing of a run is in a saved machine: those that deploy and those that do not begin with the same.
      name: createHash('sha256').update(environmentKey({ ...needs, root: '', scope: 'checks' })).digest('hex'),
      async run(machine: Machine): Promise<Prepared> {
        const { engine } = machine;
        await ensureNetwork(engine, network, { role: 'network', project: needs.project });
        const { id } = await startContainer(engine, containerSpec(needs, toolchain, network));
        await ownFolders(engine, id, [treeMount, ...Object.values(needs.recipe.caches)]);
        const variables = await Promise.all(services.map(({ service, imageReference }) => startService({ engine, clock: daemon.clock }, { service, imageReference, needs, network, id: 'vm', services: [], signal: options.signal })));
        return { container: id, variables: Object.assign({}, ...variables), hasRunner: await startRunner(machine, id) };
      },
    },
  };
}

const runnerTimeoutMs = 60_000;

/** Puts a shell into the container that takes commands in every copy; false where the image has not what it needs. */
async function startRunner(machine: Machine, container: string): Promise<boolean> {
  const user = `${workUser.uid}:${workUser.gid}`;
  const exec = { Cmd: runnerCommand, User: user, WorkingDir: treeMount, AttachStdin: true, AttachStdout: true, AttachStderr: true };
  await machine.ask(`steps ${container} ${Buffer.from(JSON.stringify(exec)).toString('hex')}`, { timeoutMs: runnerTimeoutMs });
  const runner = await machine.openRunner();
  try {
    // What the first commands of a copy need is then in its memory already.
    const command = ['sh', '-e', '-c', 'tar -c . | tar -t > /dev/null; echo ready'];
    let said = '';
    const taken = runner.run({ command, workingDir: treeMount, onOutput: (chunk) => void (said += String(chunk)) });
    const exitCode = await Promise.race([taken, delay(runnerTimeoutMs, undefined, { ref: false })]);
    return exitCode === 0 && said === 'ready\n';
  } finally {
    runner.close();
  }
}

function containerSpec(needs: EnvironmentNeeds, image: string, name: string): ContainerSpec {
  const volumes = Object.entries({ tree: treeMount, ...needs.recipe.caches });
  return {
    name, image, entrypoint: [], command: [...idleCommand], user: `${workUser.uid}:${workUser.gid}`, workingDir: treeMount,
    labels: { role: 'run', project: needs.project, name }, network,
    mounts: volumes.map(([volume, target]) => ({ kind: 'volume' as const, source: `rc-run-${volume}`, target })),
    memoryBytes: needs.memoryBytes, cpus: needs.cpus, pidsLimit: needs.pids,
  };
}

/** New volumes belong to root, and a container without capabilities cannot change that: the engine does. */
async function ownFolders(engine: Engine, container: string, folders: readonly string[]): Promise<void> {
  const archive = pack();
  for (const folder of folders) archive.entry({ name: `${folder.slice(1)}/`, type: 'directory', mode: 0o755, uid: workUser.uid, gid: workUser.gid });
  archive.finalize();
  await putArchive(engine, container, '/', archive);
}
