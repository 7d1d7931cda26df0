import { keyPaths, type Git } from './git.ts';
import { quoteForShell } from '@redcontrol/system';

/** Taken over from the daemon's own environment: where programs are, what the server trusts, how it gets out. */
const inherited = [
  'PATH', 'TMPDIR', 'GIT_SSL_CAINFO', 'GIT_SSL_CAPATH', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'CURL_CA_BUNDLE',
  'HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY', 'https_proxy', 'http_proxy', 'all_proxy', 'no_proxy',
];

/** The whole environment of a local git command: no user, no terminal, no configuration but ours, messages in English. */
export function gitVariables(git: Git): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const key of inherited) {
    const value = process.env[key];
    if (value !== undefined) variables[key] = value;
  }
  return {
    ...variables,
    HOME: '/nonexistent',
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_GLOBAL: git.configFile,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:file',
    GIT_TEMPLATE_DIR: '',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LFS_SKIP_SMUDGE: '1',
  };
}

/** Added for a command that talks to a project's remote: its deploy key, and the host keys it has met. */
export function remoteVariables(git: Git, project: string): Record<string, string> {
  const { privateKey, knownHosts } = keyPaths(git, project);
  const command = [
    'ssh', '-F', '/dev/null', '-i', sshPath(privateKey),
    ...options({
      IdentitiesOnly: 'yes',
      IdentityAgent: 'none',
      PreferredAuthentications: 'publickey',
      BatchMode: 'yes',
      StrictHostKeyChecking: 'accept-new',
      UserKnownHostsFile: `"${sshPath(knownHosts)}"`,
      ConnectTimeout: '10',
      ServerAliveInterval: '15',
      ServerAliveCountMax: '3',
      ForwardAgent: 'no',
      ForwardX11: 'no',
      PermitLocalCommand: 'no',
    }),
  ];
  return { GIT_SSH_COMMAND: command.map(quoteForShell).join(' '), GIT_SSH_VARIANT: 'ssh' };
}

function options(values: Record<string, string>): string[] {
  return Object.entries(values).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
}

/** ssh expands %-tokens in paths. */
function sshPath(path: string): string {
  return path.replaceAll('%', '%%');
}
