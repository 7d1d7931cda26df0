import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { formatBytes, RedControlError } from '@redcontrol/contract';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';

/** `redcontrol server backup FILE` */
export function defineServerBackup(command: Command, cli: Cli): void {
  command
    .argument('<file>', 'where to write it on this computer')
    .addHelpText('after', '\nWhat the server itself knows: projects, revisions, history, secrets, people, deploy keys, certificates. Not the data of apps: see `redcontrol backup`.\nIt is encrypted with the key that `redcontrol backup key` prints; keep that key elsewhere.\n  age --decrypt --identity shop-backup-key.txt FILE | tar --list')
    .action(action(cli, async (context, _options: object, file: string) => {
      const { out } = context;
      const path = resolve(cli.folder, file);
      const done = await withProject(context, {}, ({ client }) => fetchBackup(context, client, path));
      if (out.json) return out.printJson({ file: path, ...done });
      out.print(`${out.colors.green('✓')} The state of ${done.hostname} is in ${file}, ${formatBytes(done.bytes)}.`);
      out.note('It opens with the key that `redcontrol backup key` prints.');
    }));
}

/** Written beside its place and moved there when it is whole, so that an older file stays until then. */
async function fetchBackup({ signal }: CommandContext, client: DaemonClient, path: string): Promise<{ bytes: number; sha256: string; hostname: string }> {
  const { archive, bytes, sha256, hostname } = await client.call('server.backup', {}, { signal });
  const temporary = `${path}.part`;
  const file = await open(temporary, 'w', 0o600);
  try {
    const hash = createHash('sha256');
    for (let offset = 0; offset < bytes; ) {
      const { data } = await client.call('server.backup-read', { archive, offset }, { signal });
      const part = Buffer.from(data, 'base64');
      if (part.length === 0) break;
      hash.update(part);
      await file.writeFile(part);
      offset += part.length;
    }
    if (hash.digest('hex') !== sha256) throw new RedControlError('BACKUP_CORRUPT', `Expected the file to arrive with the SHA-256 ${sha256}, it did not`, { hint: 'Try again.' });
    await file.sync();
    await rename(temporary, path);
    return { bytes, sha256, hostname };
  } finally {
    await file.close();
    await rm(temporary, { force: true });
  }
}
