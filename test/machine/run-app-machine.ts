import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createMachines } from '../../packages/daemon/src/machine/index.ts';
import { openEngine } from '../../packages/daemon/src/engine/index.ts';
import { connectAgent } from '../../packages/daemon/src/machine/qemu/guest-agent-client.ts';

/**
 * What the daemon does at its start for machines of apps, on a server with systemd: run there by systemd.test.ts with the
 * folder of images. Prints how many volumes the machine has, and adds one.
 */
const [, , imagesDirectory = ''] = process.argv;
const owner = { project: 'shop', environment: 'production' };
const { deployed } = createMachines({ directory: '/var/lib/redcontrol/machines', sharedDirectory: imagesDirectory, instance: 'default', engine: openEngine() });
const watcher = { onOutput: (text: string) => void process.stderr.write(text) };
await deployed.load();
await deployed.revive(watcher);
const engine = deployed.engineOf(owner) ?? (await deployed.ensure(owner, { memoryBytes: 512 * 1024 ** 2, cpus: 2, baseImages: async () => [] }, watcher));
process.stdout.write(`${(await engine.docker.listVolumes()).Volumes.length}\n`);
await engine.docker.createVolume();
await deployed.close();
// What is not on the disk yet is lost with the machine, as with any computer.
const folder = '/var/lib/redcontrol/machines/deployed';
const agent = await connectAgent(join(folder, (await readdir(folder))[0]!, 'agent.sock'), { timeoutMs: 10_000 });
await agent.ask('sync', { timeoutMs: 60_000 });
process.exit(0);
