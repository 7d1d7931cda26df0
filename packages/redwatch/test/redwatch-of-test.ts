import { join } from 'node:path';
import { killTree, runToEnd, spawnProcess, type RunResult } from '@redcontrol/system';

const main = join(import.meta.dirname, '../src/main.ts');

export interface Redwatch {
  /** One command to its end. */
  run(...args: string[]): Promise<RunResult>;
  /** A command that goes on, until it is stopped. */
  start(variables: Record<string, string>, ...args: string[]): { output(): string; signal(signal: NodeJS.Signals): void; kill(signal: NodeJS.Signals): Promise<void> };
}

/** The real program with a home of its own, in a folder. */
export function redwatchOf({ home, folder }: { home: string; folder: string }): Redwatch {
  const own = { HOME: home, XDG_CONFIG_HOME: '', XDG_STATE_HOME: '', XDG_RUNTIME_DIR: '', DBUS_SESSION_BUS_ADDRESS: '', SSH_AUTH_SOCK: '', LC_ALL: 'C.UTF-8', NODE_NO_WARNINGS: '1' };
  return {
    run: (...args) => runToEnd(process.execPath, [main, ...args], { cwd: folder, variables: own, timeoutMs: 120_000 }),
    start(variables, ...args) {
      const child = spawnProcess(process.execPath, [main, ...args], { cwd: folder, variables: { ...own, ...variables }, stdin: 'pipe' });
      let output = '';
      child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
      return {
        output: () => output,
        signal: (signal) => killTree(child, signal),
        async kill(signal) {
          killTree(child, signal);
          await ended;
        },
      };
    },
  };
}
