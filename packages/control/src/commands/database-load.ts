import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { formatBytes, RedControlError } from '@redcontrol/contract';
import type { Command } from 'commander';
import { askText } from '../cli/ask.ts';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { roleOf, withDatabase, type DatabaseOptions } from '../cli/database-option.ts';
import { chosenEnvironment } from '../cli/environment-option.ts';
import { createProgress } from '../output/progress.ts';
import { sendInput } from '../session/run-session.ts';

interface LoadOptions extends DatabaseOptions {
  yes?: boolean;
}

/** `redcontrol database load FILE -e ENVIRONMENT` */
export function defineDatabaseLoad(command: Command, cli: Cli): void {
  withDatabase(command)
    .argument('<file>', 'what `redcontrol database dump` wrote, or pg_dump --format=custom, mariadb-dump, redis-cli --rdb')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', '\nThe data of now are backed up first, and stay in use until those of the file are loaded whole.')
    .action(action(cli, async (context, options: LoadOptions, file: string) => {
      const { out, signal } = context;
      const environment = await chosenEnvironment(context, options);
      const path = resolve(cli.folder, file);
      const totalBytes = await sizeOf(path);
      await withProject(context, { environment }, async ({ client, project }) => {
        const place = { project, environment, role: roleOf(options) };
        if (!options.yes) {
          const now = await client.call('database.show', place, { signal });
          const typed = await askText(context, { message: `${file} (${formatBytes(totalBytes)}) replaces ALL data of ${environment}: ${whatThereIs(now)}. A backup of them is made first. Type the environment's name to go on`, instead: 'Say it with --yes.' });
          if (typed !== environment) throw new RedControlError('CANCELLED', `Expected the name ${environment}, got ${JSON.stringify(typed)}: nothing was changed`);
        }
        const progress = createProgress(context, () => `loading ${file} into ${environment}`);
        const ended = new AbortController();
        const session = randomUUID();
        const loading = client.call('database.load', { ...place, session }, { signal, onProgress: progress.tell });
        const sending = sendInput(client, { session, input: readWithProgress(path, (bytes) => progress.tell({ operation: 'load', state: 'output', text: `${formatBytes(bytes)} of ${formatBytes(totalBytes)}` })), ended: ended.signal });
        const done = await loading.finally(async () => {
          ended.abort();
          await sending;
          progress.end();
        });
        if (out.json) return out.printJson({ environment, file, ...done });
        out.print(`${out.colors.green('✓')} ${environment} has the data of ${file}: ${done.rows.length} tables.`);
        out.print(`What was there before is backup ${done.backup}: redcontrol restore ${done.backup} -e ${environment}`);
      });
    }));
}

function whatThereIs({ engine, version, bytes, tables }: { engine: string; version: string; bytes: number | null; tables: number | null }): string {
  return `${engine} ${version}${bytes === null ? '' : `, ${tables} tables, ${formatBytes(bytes)}`}`;
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new RedControlError('USAGE', `Expected to read ${path}, got: ${(cause as Error).message}`, { cause });
  });
  if (!found.isFile() || found.size === 0) throw new RedControlError('USAGE', `Expected a dump in ${path}, got ${found.isFile() ? 'an empty file' : 'no file'}`);
  return found.size;
}

async function* readWithProgress(path: string, tell: (bytes: number) => void): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    yield chunk as Buffer;
    bytes += (chunk as Buffer).length;
    tell(bytes);
  }
}
