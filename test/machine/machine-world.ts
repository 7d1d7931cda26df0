import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectConfig } from '@redcontrol/contract';
import { describeApp, type RepositoryView } from '@redcontrol/presets';
import { systemClock } from '@redcontrol/system';
import type { WorkContext } from '../../packages/daemon/src/context.ts';
import { openEngine } from '../../packages/daemon/src/engine/index.ts';
import { createRunEnvironment, environmentNeeds, runShell, type RunEnvironment } from '../../packages/daemon/src/environment/index.ts';
import { createImages } from '../../packages/daemon/src/images/index.ts';
import { createMachines, type Machine } from '../../packages/daemon/src/machine/index.ts';
import { optionsFromEnvironment } from '../../packages/daemon/src/options-from-environment.ts';
import { createGit } from '../../packages/daemon/src/source/index.ts';
import { sampleApp } from '../world/sample-app.ts';
import { sharedMachines, testLimits } from './shared-machines.ts';

/** What a run of the sample app has around it, without a daemon: places in virtual machines, all copied from one state. */
export interface MachineWorld {
  directory: string;
  place(): Promise<RunEnvironment>;
  /** The machine that a place is in. */
  machineOf(place: RunEnvironment): Machine;
  /** A step: shell text in a place. */
  step(place: RunEnvironment, text: string, timeoutMs?: number): Promise<{ exitCode: number; output: string }>;
  close(): Promise<void>;
}

export async function createMachineWorld(): Promise<MachineWorld> {
  const directory = await mkdtemp(join(tmpdir(), 'redcontrol-test-'));
  await chmod(directory, 0o711);
  const instance = `test-${randomBytes(3).toString('hex')}`;
  const options = { ...optionsFromEnvironment(), dataDirectory: join(directory, 'data'), instance };
  await mkdir(options.dataDirectory, { mode: 0o711 });
  const engine = openEngine({ instance });
  const images = createImages(engine, { source: 'auto', workDirectory: join(directory, 'images') });
  const machines = createMachines({ directory: join(options.dataDirectory, 'machines'), instance, engine, sharedDirectory: await sharedMachines() });
  const made: Machine[] = [];
  const context: WorkContext = {
    options, engine, clock: systemClock, images: () => images,
    machines: {
      ...machines,
      async forRun(...wish) {
        const one = await machines.forRun(...wish);
        made.push(one.machine);
        return one;
      },
    },
    git: createGit({ directory: join(directory, 'repositories'), keyDirectory: join(directory, 'ssh') }),
    log: { info: () => {}, error: (text, cause) => process.stderr.write(`${text} ${String(cause)}\n`) },
  };
  // The same as the pipeline's test asks for, so that both are copies of one saved machine.
  const config = projectConfig.parse({
    project: 'shop', repository: 'file:///shop', servers: { main: { host: '127.0.0.1' } }, isolation: 'vm', limits: testLimits,
    environments: { production: { deploy: { branch: 'main' } } },
  });
  const recipe = await describeApp(viewOf(sampleApp('v1')), 'node');
  const needs = environmentNeeds({ config, recipe, environments: ['production'], isolation: 'vm' });
  const places: RunEnvironment[] = [];
  return {
    directory,
    async place() {
      const place = await createRunEnvironment(context, needs, { onOutput: (text) => process.stderr.write(text) });
      places.push(place);
      return place;
    },
    machineOf: (place) => made.find((machine) => machine.engine === place.engine)!,
    async step(place, text, timeoutMs = 120_000) {
      let output = '';
      const { exitCode } = await runShell(place, text, { variables: {}, timeoutMs, onOutput: (chunk) => void (output += chunk.toString()) });
      return { exitCode, output };
    },
    async close() {
      for (const place of places) await place.dispose().catch(() => {});
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function viewOf(files: Record<string, string>): RepositoryView {
  return {
    readText: async (path) => files[path],
    exists: async (path) => path in files,
    list: async (folder) => (folder === '' ? Object.keys(files) : []),
  };
}

/** Machines of this server that are running, by the server's ends of their links. */
export async function runningLinks(): Promise<string[]> {
  return [...(await readFile('/proc/net/dev', 'utf8')).matchAll(/^\s*(rcvm\d+):/gm)].map((match) => match[1]!);
}
