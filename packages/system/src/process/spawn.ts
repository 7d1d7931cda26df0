import { spawn as nodeSpawn, type ChildProcess } from 'node:child_process';

export interface SpawnOptions {
  cwd?: string;
  /** Variables added to this process's own. */
  variables?: Record<string, string | undefined>;
  /** Replace the inherited environment instead of adding to it. */
  cleanEnvironment?: boolean;
  stdin?: 'ignore' | 'pipe' | 'inherit';
  stdout?: 'pipe' | 'inherit' | 'ignore';
  stderr?: 'pipe' | 'inherit' | 'ignore';
  /** Own process group, so that the whole tree can be killed (the default). false keeps it in the terminal's group. */
  group?: boolean;
  /** Other user to run as, without any supplementary group; only root may ask for it. */
  user?: { uid: number; gid: number };
}

/**
 * Starts a program with an argument array, never through a shell.
 * The only place that imports node:child_process.
 */
export function spawnProcess(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const inherited = options.cleanEnvironment ? {} : process.env;
  return nodeSpawn(command, args, {
    cwd: options.cwd,
    env: { ...inherited, ...options.variables },
    stdio: [options.stdin ?? 'ignore', options.stdout ?? 'pipe', options.stderr ?? 'pipe'],
    detached: options.group ?? true,
    shell: false,
    ...options.user,
  });
}

/** Kills a child and everything in its process group; silent when it is gone already. */
export function killTree(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
}
