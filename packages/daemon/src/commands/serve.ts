import { readFileSync } from 'node:fs';
import { asRedControlError } from '@redcontrol/contract';
import type { Logger } from '../context.ts';
import { optionsFromEnvironment } from '../options-from-environment.ts';
import { startDaemon } from '../start-daemon.ts';
import { isTransition } from '../store/index.ts';
import { daemonVersion } from '../version.ts';

/** Runs the daemon until SIGTERM or SIGINT. */
export async function serve(): Promise<void> {
  const log = journal();
  const gid = groupId('redcontrol');
  const daemon = await startDaemon({
    options: optionsFromEnvironment(), log, version: daemonVersion,
    ...(gid === undefined ? {} : { socketGid: gid }),
    ...faultHook(),
  }).catch((error: unknown) => {
    log.error('the daemon could not start', error);
    process.exit(1);
  });
  log.info(`redcontrol ${daemonVersion} is ready`);
  const stop = () => {
    log.info('stopping');
    void daemon.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.on('unhandledRejection', (error) => log.error('unhandled', error));
}

/** systemd's journal takes the level from the prefix (sd-daemon(3)). */
function journal(): Logger {
  return {
    info: (text) => void process.stdout.write(`<6>${text}\n`),
    error(text, cause) {
      const error = cause === undefined ? undefined : asRedControlError(cause);
      const detail = error ? `: ${error.code} ${error.message}${error.code === 'INTERNAL' ? `\n${(error.cause as Error | undefined)?.stack ?? error.stack}` : ''}` : '';
      process.stderr.write(`<3>${text}${detail}\n`);
    },
  };
}

function groupId(name: string): number | undefined {
  const line = readFileSync('/etc/group', 'utf8').split('\n').find((one) => one.startsWith(`${name}:`));
  return line === undefined ? undefined : Number(line.split(':')[2]);
}

/** For fault tests: REDCONTROL_KILL_AT=run.running:after ends this process with SIGKILL at that transition. */
function faultHook() {
  const [name, moment] = (process.env.REDCONTROL_KILL_AT ?? '').split(':');
  if (!name || !isTransition(name)) return {};
  return {
    onTransition(transition: string, at: 'before' | 'after') {
      if (transition === name && at === moment) process.kill(process.pid, 'SIGKILL');
    },
  };
}
