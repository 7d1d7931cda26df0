import { askEngine, engineStatus } from './engine-error.ts';
import type { Engine } from './engine.ts';

/** Sends a signal, SIGKILL by default, to the container's first process; silent when it does not run or is gone. */
export async function killContainer(engine: Engine, id: string, signal = 'SIGKILL'): Promise<void> {
  await askEngine(engine, `kill the container ${id}`, async () => {
    try {
      await engine.docker.getContainer(id).kill({ signal });
    } catch (thrown) {
      const status = engineStatus(thrown);
      if (status !== 404 && status !== 409) throw thrown;
    }
  });
}
