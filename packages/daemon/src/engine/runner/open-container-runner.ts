import type { Engine } from '../engine.ts';
import { askEngine } from '../engine-error.ts';
import { openCommandRunner, type OpenRunner } from './command-runner.ts';
import { runnerCommand } from './runner-text.ts';

/**
 * Puts a shell into a running container that takes commands of one user without a start by the engine, which costs some
 * 60 ms each time. undefined where the image has not what it needs (`sh` and `setsid`): there the engine starts each command.
 */
export async function openContainerRunner(engine: Engine, place: { container: string; user: string; workingDir: string }): Promise<OpenRunner | undefined> {
  const stream = await askEngine(engine, `start a shell in the container ${place.container}`, async () => {
    const exec = await engine.docker.getContainer(place.container).exec({ Cmd: [...runnerCommand], User: place.user, WorkingDir: place.workingDir, AttachStdin: true, AttachStdout: true, AttachStderr: true });
    return exec.start({ hijack: true, stdin: true });
  });
  const runner = openCommandRunner(stream);
  const exitCode = await runner.run({ command: ['true'], workingDir: place.workingDir, onOutput: () => {} });
  if (exitCode === 0) return runner;
  runner.close();
  return undefined;
}
