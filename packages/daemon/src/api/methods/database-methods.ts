import { PassThrough } from 'node:stream';
import { databaseSize, dumpDatabase, loadDatabase, removeKeptVolume, storedDatabase, upgradeDatabase } from '../../backup/index.ts';
import { databaseAccess, databaseContainer, engineOf } from '../../environment/index.ts';
import { dataTools } from '../../environment/databases/index.ts';
import { listKeptVolumes, type StoredDatabase } from '../../store/index.ts';
import type { Handlers } from '../handlers.ts';
import type { Call } from '../serve-connection.ts';
import { progressOf } from './backup-methods.ts';
import { projectWith } from './known-project.ts';
import { assertNewSession, runProgramFor } from './run-program.ts';

type DatabaseMethods = 'database.show' | 'database.shell' | 'database.dump' | 'database.load' | 'database.upgrade' | 'database.kept' | 'database.forget';

/** A database's client has no rights of the container's own, and keeps no history there. */
const clientUser = '65534:65534';
const clientVariables = { HOME: '/tmp', PSQL_HISTORY: '/dev/null', MYSQL_HISTFILE: '/dev/null', MARIADB_HISTFILE: '/dev/null', REDISCLI_HISTFILE: '/dev/null' };
/** So much of a dump is sent in one message. */
const sentBytes = 256 * 1024;

export const databaseMethods: Pick<Handlers, DatabaseMethods> = {
  async 'database.show'(call) {
    const stored = storedDatabase(call.daemon, call.params, call.params.role);
    const hasTables = dataTools[kindOf(stored)].size !== undefined;
    const size = hasTables ? await databaseSize(call.daemon, stored) : { bytes: null, tables: null };
    return { engine: stored.engine, version: stored.version, ...size };
  },

  'database.shell'(call) {
    const { daemon, params } = call;
    const stored = storedDatabase(daemon, params, params.role);
    return runProgramFor(call, { engine: engineOf(daemon, stored), container: databaseContainer(daemon, stored), command: dataTools[kindOf(stored)].shell(databaseAccess(daemon, stored)), user: clientUser, variables: clientVariables });
  },

  async 'database.dump'(call) {
    const { daemon, params, notify, taken, signal } = call;
    const stored = storedDatabase(daemon, params, params.role);
    const dumped = await dumpDatabase(daemon, stored, {
      signal,
      async onData(chunk) {
        for (let at = 0; at < chunk.length; at += sentBytes) notify('app-output', { session: params.session, stream: 'stdout', data: chunk.subarray(at, at + sentBytes).toString('base64') });
        await taken();
      },
    });
    return { engine: stored.engine, version: stored.version, ...dumped };
  },

  async 'database.load'(call) {
    const { daemon, params, caller, signal, sessions } = call;
    const { config } = projectWith(daemon, params);
    const dump = openInput(call);
    try {
      return await loadDatabase(daemon, { config, environment: params.environment, role: params.role, dump, startedBy: caller.name, say: progressOf(call, 'load'), signal });
    } finally {
      sessions.delete(params.session);
      dump.destroy();
    }
  },

  'database.upgrade'(call) {
    const { daemon, params, caller, signal } = call;
    const { config } = projectWith(daemon, params);
    return upgradeDatabase(daemon, { config, environment: params.environment, role: params.role, to: params.to, startedBy: caller.name, say: progressOf(call, 'upgrade'), signal });
  },

  'database.kept': ({ daemon, params }) => listKeptVolumes(daemon.store, params.project, params.environment).map(({ volume, engine, version, keptAt }) => ({ volume, engine, version, keptAt })),

  async 'database.forget'({ daemon, params }) {
    await removeKeptVolume(daemon, params, params.volume);
    return {};
  },
};

function kindOf({ engine }: StoredDatabase): keyof typeof dataTools {
  return engine as keyof typeof dataTools;
}

/** What the caller gives by `app.input`, as a stream that holds the giver back, and that breaks off when the call is given up. */
function openInput({ params: { session }, sessions, signal }: Call<'database.load'>): PassThrough {
  assertNewSession(sessions, session);
  const input = new PassThrough({ highWaterMark: sentBytes });
  input.on('error', () => {});
  sessions.set(session, {
    async write(data) {
      if (input.destroyed || input.write(data)) return;
      await new Promise<void>((resolve) => {
        input.once('drain', resolve);
        input.once('close', resolve);
      });
    },
    end: () => void input.end(),
    resize: async () => {},
    exitCode: Promise.resolve(0),
    kill: async () => void input.destroy(),
  });
  const giveUp = () => void input.destroy(signal.reason as Error);
  if (signal.aborted) giveUp();
  else signal.addEventListener('abort', giveUp, { once: true });
  return input;
}
