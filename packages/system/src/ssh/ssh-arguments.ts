/** Where to log in, as the configuration's `servers` section names it. */
export interface SshTarget {
  host: string;
  user: string;
  port: number;
  /** File of a private key; left out: the user's own config and agent decide. */
  identityFile?: string;
  /** Extra `-o` options, e.g. a known_hosts file of a test. */
  options?: Record<string, string>;
  /** OpenSSH's -F; left out: the user's own configuration. */
  configFile?: string;
}

/**
 * Arguments of the system's OpenSSH client for a command on the target.
 * The remote command is quoted for the remote shell word by word.
 */
export function sshArguments(target: SshTarget, remoteCommand: readonly string[]): string[] {
  const options = { BatchMode: 'yes', ConnectTimeout: '10', ServerAliveInterval: '15', ServerAliveCountMax: '3', ...target.options };
  return [
    ...(target.configFile ? ['-F', target.configFile] : []),
    ...(target.identityFile ? ['-i', target.identityFile, '-o', 'IdentitiesOnly=yes'] : []),
    ...Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`]),
    '-T',
    '-p', String(target.port),
    '-l', target.user,
    '--', target.host,
    ...(remoteCommand.length > 0 ? [remoteCommand.map(quoteForShell).join(' ')] : []),
  ];
}

/** One word for a POSIX shell. */
export function quoteForShell(word: string): string {
  return /^[A-Za-z0-9_/:=.,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
