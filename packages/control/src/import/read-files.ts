import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { configLimits, RedControlError } from '@redcontrol/contract';
import { usualFiles } from './convert-file.ts';

export interface FileText {
  /** As it was named. */
  name: string;
  text: string;
}

/** The named files, or those of the usual ones that are there. Throws NOT_FOUND, and CONFIG_INVALID for what is too large to be one. */
export async function readFiles(folder: string, named: readonly string[]): Promise<FileText[]> {
  const found = await Promise.all((named.length > 0 ? named : usualFiles).map((name) => readText(folder, name)));
  const missing = named.find((_, index) => found[index] === undefined);
  if (missing !== undefined) throw new RedControlError('NOT_FOUND', `Expected a file ${missing}, got none`);
  const files = found.filter((file) => file !== undefined);
  if (files.length === 0) throw new RedControlError('NOT_FOUND', `Expected one of ${usualFiles.join(', ')} in ${folder}, got none`, { hint: 'Name the files: redcontrol import FILE…, or write a first configuration with redcontrol init.' });
  return files;
}

async function readText(folder: string, name: string): Promise<FileText | undefined> {
  const path = join(folder, name);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  if (found.size > configLimits.bytes) throw new RedControlError('CONFIG_INVALID', `Expected ${name} to have at most ${configLimits.bytes} bytes, got ${found.size}`);
  return { name, text: await readFile(path, 'utf8') };
}
