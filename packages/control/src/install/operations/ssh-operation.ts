import type { InstallOperation } from '../operation.ts';
import { serverUser } from '@redcontrol/client/server-access';
import { serverPaths } from '../paths.ts';
import type { ServerFacts } from '../server-facts.ts';
import { sha256 } from '../text-sha256.ts';

/**
 * sshd's settings for the user redcontrol, and for nobody else: keys only, from the file that only root can write, and
 * nothing besides a forced command. For this user the Allow lines
 * stand in place of lists that an administrator made for all, which would shut it out.
 */
export const sshdSettings = `# Written by RedControl: how people's keys reach its daemon. Removed by uninstalling.
Match User ${serverUser}
    AuthorizedKeysFile ${serverPaths.authorizedKeys}
    AuthenticationMethods publickey
    PubkeyAuthentication yes
    PasswordAuthentication no
    AllowUsers ${serverUser}
    AllowGroups ${serverUser}
    PermitTTY no
    AllowTcpForwarding no
    AllowStreamLocalForwarding no
    AllowAgentForwarding no
    X11Forwarding no
    PermitTunnel no
    PermitUserRC no
Match all
`;

const effective = `sshd -T -C user=${serverUser},host=localhost,addr=127.0.0.1`;

/** People's way in: the empty list of keys, which the daemon fills, and an sshd that looks at it. */
export function sshOperation(facts: ServerFacts): InstallOperation | undefined {
  const { files } = facts.redcontrol;
  const accepts = facts.ssh.forRedcontrol.authorizedkeysfile === serverPaths.authorizedKeys && facts.ssh.forRedcontrol.pubkeyauthentication === 'yes';
  if (files[serverPaths.sshdSettings] === sha256(sshdSettings) && files[serverPaths.authorizedKeys] && accepts) return undefined;
  return {
    id: 'ssh',
    kind: 'create',
    target: facts.hostname,
    description: `Let sshd accept people's keys for ${serverUser}, for the daemon only`,
    warning: null,
    check: `[ -f ${serverPaths.authorizedKeys} ] && has_sum ${serverPaths.sshdSettings} ${sha256(sshdSettings)} &&
  ${effective} | grep -qx 'authorizedkeysfile ${serverPaths.authorizedKeys}' && ${effective} | grep -qx 'pubkeyauthentication yes'`,
    script: `if [ ! -f ${serverPaths.authorizedKeys} ]; then write_file ${serverPaths.authorizedKeys} 644 </dev/null; fi
remember 'file ${serverPaths.sshdSettings}'
write_file ${serverPaths.sshdSettings} 600 <<'END'
${sshdSettings}END
if ! said=$(sshd -t 2>&1); then
  rm -f ${serverPaths.sshdSettings}
  echo "sshd refuses its settings: $said" >&2
  exit 1
fi
if systemctl is-active --quiet ssh.service; then systemctl reload ssh.service; fi
if ! ${effective} | grep -qx 'authorizedkeysfile ${serverPaths.authorizedKeys}'; then
  echo 'sshd does not read /etc/ssh/sshd_config.d: put "Include /etc/ssh/sshd_config.d/*.conf" at the top of /etc/ssh/sshd_config' >&2
  exit 1
fi`,
    arguments: [],
  };
}
