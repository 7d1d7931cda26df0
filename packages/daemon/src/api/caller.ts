import { RedControlError, roleAllows, type Role } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { findPerson, roleIn } from '../store/index.ts';

/** Who calls, looked up anew at each call, so that a removed key can do nothing more even on an open connection. */
export interface Caller {
  name: string;
  role: Role;
  /** Projects that the caller may see; undefined: all. */
  projects: string[] | undefined;
}

/** Throws FORBIDDEN for a key that nobody has, or no longer has. */
export function identify(daemon: DaemonContext, as: string): Caller {
  if (as === 'local') return { name: 'root on the server', role: 'admin', projects: undefined };
  const person = findPerson(daemon.store, as);
  if (!person) throw new RedControlError('FORBIDDEN', `Expected a key of somebody in \`people\`, got ${as}`, { hint: 'Ask an admin to add your public key: redcontrol people add.' });
  return { name: person.name, role: person.role, projects: person.role === 'admin' ? undefined : person.projects };
}

/** Throws FORBIDDEN unless the caller's role, in the project where the call names one, suffices. */
export function authorize(daemon: DaemonContext, as: string, call: { method: string; needs: Role; project: string | undefined }): Caller {
  const caller = identify(daemon, as);
  const role = as !== 'local' && call.project !== undefined && caller.projects !== undefined ? roleIn(daemon.store, as, call.project) : caller.role;
  if (role !== undefined && roleAllows(role, call.needs)) return caller;
  throw new RedControlError('FORBIDDEN', `Expected role ${call.needs} for ${call.method}${call.project ? ` of ${call.project}` : ''}, ${caller.name} has ${role ?? 'none'}`, { hint: 'Ask an admin to do it, or to raise your role.' });
}
