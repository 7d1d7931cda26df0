import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { containerLogs, inspectContainer, removeContainer, startContainer } from '../engine/index.ts';
import { engineOf } from '../environment/index.ts';
import { appContainerSpec } from './app-containers.ts';
import { waitReady } from './health.ts';
import type { OtherPlace } from './run-once.ts';
import type { MigrationWish } from './prepare-migration.ts';
import { shellCommand } from './shell-command.ts';

const shownLogLines = 25;

/** Starts one web process of a release in another place and waits until it answers its health path; then it is gone. Throws RELEASE_NOT_READY. */
export async function tryStart(daemon: DaemonContext, { release, snapshot, place, signal }: MigrationWish & { place: OtherPlace }): Promise<void> {
  const web = snapshot.processes.find((process) => process.name === 'web');
  if (!web) return;
  const engine = engineOf(daemon, release);
  const spec = { ...appContainerSpec(daemon, release, snapshot), ...place };
  const { id } = await startContainer(engine, {
    ...spec,
    name: `${place.network}--web`,
    ...(web.command === undefined ? {} : { command: shellCommand(web.command) }),
    variables: { ...spec.variables, ...web.variables, REDCONTROL_PROCESS: 'web' },
    labels: { role: 'scratch', project: release.project, environment: release.environment },
    memoryBytes: web.memoryBytes,
    restart: 'no',
  });
  try {
    const address = (await inspectContainer(engine, id))?.addresses[place.network] ?? '';
    const isAlive = async () => (await inspectContainer(engine, id))?.running === true;
    await waitReady({ address, port: snapshot.port, ...snapshot.health, signal, isAlive }).catch(async (error: unknown) => {
      signal.throwIfAborted();
      const lines = (await containerLogs(engine, id, { lines: shownLogLines }).catch(() => '')).trim().slice(-3000);
      throw new RedControlError('RELEASE_NOT_READY', `In the rehearsal, on a migrated copy of the data: ${(error as Error).message}${lines ? `\nLast lines of web:\n${lines}` : ''}`, { hint: 'The version that was live serves on, and its data were not touched.', cause: error });
    });
  } finally {
    await removeContainer(engine, id);
  }
}
