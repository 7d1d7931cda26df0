import { RedControlError } from '@redcontrol/contract';
import { openExecSession, type Engine } from '../../engine/index.ts';
import type { Call } from '../serve-connection.ts';

/** A connection may run so many programs at a time. */
const maxSessions = 10;

/** Throws CONFLICT unless the connection may begin a session of this name. */
export function assertNewSession(sessions: Call['sessions'], session: string): void {
  if (sessions.has(session) || sessions.size >= maxSessions) throw new RedControlError('CONFLICT', `Expected a new session of at most ${maxSessions} at a time, got ${session}`);
}

export interface Program {
  engine: Engine;
  container: string;
  command: string[];
  user?: string;
  variables?: Record<string, string>;
}

/** Joins a program in a container to the caller until it ends: its output comes as `app-output`, its input by `app.input`. */
export async function runProgramFor(call: Call<'app.exec'> | Call<'database.shell'>, program: Program): Promise<{ exitCode: number }> {
  const { params: { session, terminal }, signal, notify, taken, sessions } = call;
  assertNewSession(sessions, session);
  const opened = await openExecSession(program.engine, {
    ...program, terminal, variables: { ...program.variables, ...(terminal ? { TERM: 'xterm-256color' } : {}) },
    async onOutput(chunk, stream) {
      notify('app-output', { session, stream, data: chunk.toString('base64') });
      await taken();
    },
  });
  sessions.set(session, opened);
  // Who goes away, or gives up, takes the program along.
  const end = () => void opened.kill();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    return { exitCode: await opened.exitCode };
  } finally {
    signal.removeEventListener('abort', end);
    sessions.delete(session);
  }
}
