import { access, constants } from 'node:fs/promises';
import { runToEnd } from '@redcontrol/system';

/** How to call BuildKit: the program and the words before the build's own options. */
export interface BuilderCommand {
  program: string;
  leading: string[];
}

const distributionProgram = '/usr/bin/docker';
let found: Promise<BuilderCommand> | undefined;

/**
 * Finds out once a process how images are built here. Clients before 23 have BuildKit within `docker build`;
 * later ones need the buildx plugin, whose result has to be loaded into the engine.
 */
export function builderCommand(): Promise<BuilderCommand> {
  found ??= find().catch((error: unknown) => {
    found = undefined;
    throw error;
  });
  return found;
}

async function find(): Promise<BuilderCommand> {
  const program = await dockerProgram();
  const buildx = await runToEnd(program, ['buildx', 'version'], { timeoutMs: 20_000 });
  return buildx.exitCode === 0
    ? { program, leading: ['buildx', 'build', '--load'] }
    : { program, leading: ['build'] };
}

/** The distribution's client fits its engine; another that stands before it on PATH may lack BuildKit. */
async function dockerProgram(): Promise<string> {
  try {
    await access(distributionProgram, constants.X_OK);
    return distributionProgram;
  } catch {
    return 'docker';
  }
}
