import { homedir } from 'node:os';
import { RedControlError } from '@redcontrol/contract';
import { runToEnd, sshArguments, type SshTarget } from '@redcontrol/system';

export interface SshSettings {
  hostName: string;
  port: number;
  /** The user's first file: where new keys are written. */
  knownHostsFile: string;
  /** The user's own files. */
  userKnownHostsFiles: string[];
  /** All files in which ssh looks, the user's and the machine's. */
  allKnownHostsFiles: string[];
  /** Name under which the key is kept, when the user's configuration sets one. */
  alias: string | undefined;
  jumps: boolean;
}

/** What the user's OpenSSH configuration makes of the target (`ssh -G`). Throws SSH_FAILED. */
export async function effectiveSettings(target: SshTarget, signal?: AbortSignal): Promise<SshSettings> {
  const { stdout, stderr, exitCode } = await runToEnd('ssh', ['-G', ...sshArguments(target, [])], { timeoutMs: 10_000, ...(signal ? { signal } : {}) });
  if (exitCode !== 0) throw new RedControlError('SSH_FAILED', `Expected ssh to read its configuration, got: ${stderr.trim().slice(0, 300)}`);
  const settings = new Map(stdout.split('\n').map((line) => {
    const space = line.indexOf(' ');
    return [line.slice(0, space), line.slice(space + 1)] as const;
  }));
  const isSet = (name: string) => settings.has(name) && settings.get(name) !== 'none';
  const files = (name: string) => (isSet(name) ? (settings.get(name) ?? '').split(' ') : []).filter(Boolean).map((file) => file.replace(/^~(?=\/)/, homedir()));
  const own = files('userknownhostsfile');
  return {
    hostName: settings.get('hostname') ?? target.host,
    port: Number(settings.get('port') ?? target.port),
    knownHostsFile: own[0] ?? `${homedir()}/.ssh/known_hosts`,
    userKnownHostsFiles: own,
    allKnownHostsFiles: [...own, ...files('globalknownhostsfile')],
    alias: isSet('hostkeyalias') ? settings.get('hostkeyalias') : undefined,
    jumps: isSet('proxyjump') || isSet('proxycommand'),
  };
}
