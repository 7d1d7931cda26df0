import { runToEnd, systemClock, type SshTarget } from '@redcontrol/system';
import { parseFacts } from './parse-facts.ts';
import { runRemoteScript } from './remote-script.ts';
import { probeScript } from './scripts/probe-script.ts';
import type { ServerFacts } from './server-facts.ts';

const probeTimeoutMs = 120_000;

/**
 * Looks at a server in one round trip and changes nothing.
 * Throws SSH_FAILED, SSH_DENIED or SSH_HOST_KEY when it cannot be reached.
 */
export async function inspectServer(target: SshTarget, options: { signal?: AbortSignal | undefined } = {}): Promise<ServerFacts> {
  const startedMs = systemClock.now();
  const { stdout } = await runRemoteScript(target, probeScript, [], { signal: options.signal, timeoutMs: probeTimeoutMs });
  return parseFacts(stdout, { host: await realHost(target), atMs: (startedMs + systemClock.now()) / 2 });
}

/** The host that a name of the user's ssh configuration stands for. */
async function realHost(target: SshTarget): Promise<string> {
  const { stdout } = await runToEnd('ssh', [...(target.configFile ? ['-F', target.configFile] : []), '-G', '--', target.host]);
  return /^hostname (\S+)$/m.exec(stdout)?.[1] ?? target.host;
}
