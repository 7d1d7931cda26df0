import { execInContainer } from '../engine/index.ts';
import type { RunEnvironment } from './run-environment.ts';
import { stepCommand } from './step-command.ts';
import { treeMount } from './tree-mount.ts';
import { workUser } from '../context.ts';

export interface ShellOptions {
  variables: Record<string, string>;
  onOutput: (chunk: Buffer) => void | Promise<void>;
  timeoutMs: number;
  signal?: AbortSignal;
  /** Image of the step; undefined: the toolchain. */
  imageReference?: string;
}

/** Runs shell text in the environment's working tree, as the work user, and ends what it leaves running. */
export async function runShell(environment: RunEnvironment, text: string, options: ShellOptions) {
  const { imageReference, ...rest } = options;
  const { command, variables } = stepCommand(text);
  const container = await environment.container(imageReference);
  return execInContainer(environment.engine, {
    ...rest,
    container,
    runner: container === (await environment.container()) ? environment.runner : undefined,
    command,
    variables: { ...options.variables, ...variables },
    user: `${workUser.uid}:${workUser.gid}`,
    workingDir: environment.root === '' ? treeMount : `${treeMount}/${environment.root}`,
  });
}
