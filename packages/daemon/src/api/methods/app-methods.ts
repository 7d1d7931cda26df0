import { RedControlError } from '@redcontrol/contract';
import { followAppLogs, instanceOf, listApp, liveApp, liveContainers, restartApp, scaleApp, startApp, stopApp } from '../../app/index.ts';
import type { ExecSession } from '../../engine/index.ts';
import { listAudit } from '../../store/index.ts';
import type { Handlers } from '../handlers.ts';
import type { Call } from '../serve-connection.ts';
import { runProgramFor } from './run-program.ts';

type AppMethods = 'app.list' | 'app.follow' | 'app.restart' | 'app.stop' | 'app.start' | 'app.scale' | 'app.exec' | 'app.input' | 'app.resize' | 'audit.list';

/** A shell that the image has, with what people expect of one. */
const shell = ['sh', '-c', 'if command -v bash >/dev/null; then exec bash; else exec sh; fi'];

export const appMethods: Pick<Handlers, AppMethods> = {
  'app.list': ({ daemon, params }) => listApp(daemon, params),

  async 'app.follow'({ daemon, params, signal, notify, taken }) {
    const { token, process, lines, since, grep } = params;
    await followAppLogs(daemon, params, {
      process, lines, since, grep, signal,
      async onText(from, text) {
        notify('app-log', { token, ...from, text });
        await taken();
      },
    });
    return {};
  },

  async 'app.restart'({ daemon, params, signal }) {
    await restartApp(daemon, params, signal);
    return listApp(daemon, params);
  },

  async 'app.stop'({ daemon, params }) {
    await stopApp(daemon, params);
    return listApp(daemon, params);
  },

  async 'app.start'({ daemon, params }) {
    await startApp(daemon, params);
    return listApp(daemon, params);
  },

  async 'app.scale'({ daemon, params }) {
    await scaleApp(daemon, params);
    return listApp(daemon, params);
  },

  async 'app.exec'(call) {
    const { command = shell } = call.params;
    const container = await chosenContainer(call);
    return runProgramFor(call, { engine: container.engine, container: container.id, command });
  },

  async 'app.input'({ params, sessions }) {
    const program = knownSession(sessions, params.session);
    if (params.data !== '') await program.write(Buffer.from(params.data, 'base64'));
    if (params.end) program.end();
    return {};
  },

  async 'app.resize'({ params, sessions }) {
    await knownSession(sessions, params.session).resize(params);
    return {};
  },

  'audit.list': ({ daemon, params }) => listAudit(daemon.store, { limit: params.limit, ...(params.before ? { before: params.before } : {}) }),
};

async function chosenContainer({ daemon, params }: Call<'app.exec'>) {
  const live = liveApp(daemon, params);
  const running = (await liveContainers(daemon, live, params.process)).filter((container) => container.running);
  const chosen = running.find((container) => instanceOf(container) === params.instance);
  if (chosen) return chosen;
  throw new RedControlError('CONFLICT', `Expected instance ${params.instance} of ${params.process} to run, ${running.length === 0 ? 'none does' : `it does not, of ${running.length}`}`, { hint: `See \`redcontrol app ps -e ${params.environment}\`.` });
}

/** Sessions belong to the connection that opened them. */
function knownSession(sessions: ReadonlyMap<string, ExecSession>, name: string): ExecSession {
  const known = sessions.get(name);
  if (known) return known;
  throw new RedControlError('NOT_FOUND', `Expected a session of this connection, got ${name}`);
}
