import type { InstallOperation } from '../operation.ts';
import { serverUser } from '@redcontrol/client/server-access';
import { serverPaths } from '../paths.ts';
import type { ServerFacts } from '../server-facts.ts';

/**
 * The user that people's keys log in as: no password, no rights. Its shell is a real one because sshd runs forced
 * commands through it. `*` and not `!` in the password field: sshd takes the latter for a locked account where PAM is off.
 */
export function userOperation(facts: ServerFacts): InstallOperation | undefined {
  if (facts.redcontrol.userHome === serverPaths.home && !facts.redcontrol.userLocked) return undefined;
  return {
    id: 'user',
    kind: 'create',
    target: facts.hostname,
    description: `Add the system user ${serverUser}, without a password and without rights`,
    warning: null,
    check: `[ "$(getent passwd ${serverUser} | cut -d: -f6)" = ${serverPaths.home} ] && case $(getent shadow ${serverUser} | cut -d: -f2) in '!'*) false ;; esac`,
    script: `if ! getent group ${serverUser} >/dev/null; then
  remember 'group ${serverUser}'
  groupadd --system ${serverUser}
fi
if ! getent passwd ${serverUser} >/dev/null; then
  remember 'user ${serverUser}'
  useradd --system --gid ${serverUser} --home-dir ${serverPaths.home} --no-create-home --shell /bin/sh --password '*' --comment RedControl ${serverUser}
fi
usermod --password '*' ${serverUser}`,
    arguments: [],
  };
}
