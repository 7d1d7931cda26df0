import { setTimeout as delay } from 'node:timers/promises';
import { askEngine, engineStatus } from './engine-error.ts';
import type { Engine } from './engine.ts';
import { killContainer } from './kill-container.ts';

const killWithinMs = 10_000;

/**
 * Kills every process of a user in a container, all at once, except the container's first process.
 *
 * `kill -9 -1` is one system call under the kernel's lock of the task list: neither a fork bomb nor a process that
 * left its session outruns it. It needs one more process in the container; where the limit of processes leaves no
 * room for it, or the image has no shell, the container itself is killed.
 */
export async function killProcesses(engine: Engine, target: { container: string; user?: string }): Promise<{ containerKilled: boolean }> {
  return askEngine(engine, `kill the processes in the container ${target.container}`, async () => {
    const limit = new AbortController();
    try {
      const late = delay(killWithinMs, false, { signal: limit.signal }).catch(() => false);
      if (await Promise.race([killAll(engine, target), late])) return { containerKilled: false };
    } finally {
      limit.abort();
    }
    await killContainer(engine, target.container);
    return { containerKilled: true };
  });
}

/** False when the killing process did not come to run. */
async function killAll(engine: Engine, target: { container: string; user?: string }): Promise<boolean> {
  try {
    const exec = await engine.docker.getContainer(target.container).exec({
      Cmd: ['sh', '-c', 'kill -9 -1; echo killed'],
      AttachStdout: true,
      ...(target.user === undefined ? {} : { User: target.user }),
    });
    const stream = await exec.start({});
    let said = '';
    for await (const chunk of stream as AsyncIterable<Buffer>) said = (said + chunk.toString('latin1')).slice(-1024);
    return said.includes('killed');
  } catch (thrown) {
    // Gone or not running: there is nothing left to kill. Anything else means that it could not be tried.
    const status = engineStatus(thrown);
    if (status === 404 || status === 409) return true;
    return false;
  }
}
