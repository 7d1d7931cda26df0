import { watch, type FSWatcher } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { configLimits, RedControlError, type ConfigFile } from '@redcontrol/contract';
import { writeFileAtomic } from '@redcontrol/system';
import { describeConfig, revisionOf } from './describe-config.ts';

/** Editors write a file in several steps; they are told as one change. */
const settleMs = 100;

/** Reads a configuration. Throws CONFIG_NOT_FOUND, or CONFIG_INVALID when it is far too big. */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  const text = await readText(path);
  return { ...describeConfig(text, basename(path)), path, revision: revisionOf(text) };
}

/** Writes a configuration that was read at `revision`. Throws CONFLICT when somebody else changed it since. */
export async function writeConfigFile(path: string, { revision, text }: { revision: string; text: string }): Promise<ConfigFile> {
  const present = await readText(path);
  if (revisionOf(present) !== revision) {
    throw new RedControlError('CONFLICT', `Expected ${path} as it was read, got a file that was changed since`, { hint: 'Look at what was changed, then save again.' });
  }
  await writeFileAtomic(path, text, 0o644);
  return readConfigFile(path);
}

export interface FileWatches {
  /** Watches these files and no others; nothing any more once it is closed. */
  watch(paths: readonly string[]): void;
  close(): void;
}

/** Tells when a file's text changes, however it is written: editors often put a new file in its place. */
export function watchConfigFiles(onChange: (path: string) => void): FileWatches {
  const watchers = new Map<string, FSWatcher>();
  const timers = new Map<string, NodeJS.Timeout>();
  let isClosed = false;
  const start = (path: string): FSWatcher | undefined => {
    try {
      const watcher = watch(dirname(path), (_kind, name) => {
        if (name !== null && name !== basename(path)) return;
        clearTimeout(timers.get(path));
        timers.set(path, setTimeout(onChange, settleMs, path));
      });
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      return undefined;
    }
  };
  return {
    watch(paths) {
      if (isClosed) return;
      for (const [path, watcher] of watchers) {
        if (paths.includes(path)) continue;
        watcher.close();
        watchers.delete(path);
      }
      for (const path of paths) {
        if (watchers.has(path)) continue;
        const watcher = start(path);
        if (watcher) watchers.set(path, watcher);
      }
    },
    close() {
      isClosed = true;
      for (const watcher of watchers.values()) watcher.close();
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

async function readText(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new RedControlError('CONFIG_NOT_FOUND', `Expected a configuration at ${path}, got ${found ? 'something that is no file' : 'nothing'}`);
  if (found.size > configLimits.bytes) throw new RedControlError('CONFIG_INVALID', `Expected ${path} to have at most ${configLimits.bytes} bytes, got ${found.size}`);
  return readFile(path, 'utf8');
}
