import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { formatBytes, RedControlError } from '@redcontrol/contract';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { roleOf, withDatabase, type DatabaseOptions } from '../cli/database-option.ts';
import { chosenEnvironment } from '../cli/environment-option.ts';
import { createProgress } from '../output/progress.ts';

interface Place {
  project: string;
  environment: string;
  role: 'database' | 'redis';
}

/** `redcontrol database dump [FILE] -e ENVIRONMENT` */
export function defineDatabaseDump(command: Command, cli: Cli): void {
  withDatabase(command)
    .argument('[file]', 'where to write it; left out: standard output')
    .addHelpText('after', '\nIn the format of the database\'s own program: pg_dump\'s custom format, SQL of MariaDB and MySQL, an RDB file. It is NOT encrypted.\nThe database serves on; the file is one moment of it.')
    .action(action(cli, async (context, options: DatabaseOptions, file: string | undefined) => {
      const { out } = context;
      if (file === undefined && cli.stdout.isTTY) throw new RedControlError('USAGE', 'Expected a file, got a terminal', { hint: 'Name the file, or send the output into one.' });
      const environment = await chosenEnvironment(context, options);
      await withProject(context, { environment }, async ({ client, project }) => {
        const place = { project, environment, role: roleOf(options) };
        if (file === undefined) return void (await receive(context, client, { place, target: cli.stdout as Writable }));
        const done = await writeFile(context, client, place, resolve(cli.folder, file));
        if (out.json) return out.printJson({ file, ...done });
        out.print(`${out.colors.green('✓')} ${file}: ${formatBytes(done.bytes)} of ${done.engine} ${done.version}, ${done.rows.length} tables. It is not encrypted.`);
      });
    }));
}

/** Written beside its place and moved there when it is whole. */
async function writeFile(context: CommandContext, client: DaemonClient, place: Place, path: string) {
  const temporary = `${path}.part`;
  const target = createWriteStream(temporary, { mode: 0o600 });
  try {
    const done = await receive(context, client, { place, target });
    target.end();
    await finished(target);
    await rename(temporary, path);
    return done;
  } finally {
    target.destroy();
    await rm(temporary, { force: true });
  }
}

async function receive(context: CommandContext, client: DaemonClient, { place, target }: { place: Place; target: Writable }) {
  const session = randomUUID();
  const progress = createProgress(context, () => `dumping ${place.environment}`);
  let [received, writing] = [0, Promise.resolve()];
  let failure: unknown;
  const failed = (error: unknown) => (failure ??= error);
  target.on('error', failed);
  const stopHearing = client.on('app-output', (output) => {
    if (output.session !== session) return;
    const part = Buffer.from(output.data, 'base64');
    received += part.length;
    progress.tell({ operation: 'dump', state: 'output', text: formatBytes(received) });
    writing = writing.then(async () => {
      if (failure === undefined && !target.write(part)) await once(target, 'drain').catch(failed);
    });
  });
  try {
    progress.tell({ operation: 'dump', state: 'started', text: '' });
    const done = await client.call('database.dump', { ...place, session }, { signal: context.signal });
    await writing;
    if (failure !== undefined) throw failure;
    if (received !== done.bytes) throw new RedControlError('BACKUP_FAILED', `Expected ${done.bytes} bytes, got ${received}`, { hint: 'Try again.' });
    return done;
  } finally {
    stopHearing();
    progress.end();
  }
}
