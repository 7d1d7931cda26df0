import { createHash } from 'node:crypto';
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RedControlError } from '@redcontrol/contract';
import { isUnknownHostKey, runToEnd, type SshTarget } from '@redcontrol/system';
import { effectiveSettings, type SshSettings } from './ssh-settings.ts';

/** How a server's key is trusted at the first contact. */
export interface FirstContact {
  /** Fingerprint (SHA256:…) that was got by another way, e.g. from the provider's console. */
  accept?: string;
  /** Shows the fingerprints to a person, who says whether they are right. */
  ask?: (contact: { host: string; port: number; keys: readonly HostKey[] }) => Promise<boolean>;
}

export interface HostKey {
  /** `ssh-ed25519`, `ssh-rsa`, … */
  type: string;
  /** SHA256:…, as OpenSSH shows it. */
  fingerprint: string;
  /** Line for a known_hosts file. */
  line: string;
}

/**
 * Makes a server known that ssh has not met: reads its host keys, has them confirmed, and writes them into the
 * user's known_hosts. Throws SSH_HOST_KEY when nobody confirms them or another key answers than the accepted one.
 */
export async function learnHostKey(target: SshTarget, contact: FirstContact, signal?: AbortSignal): Promise<void> {
  const settings = await effectiveSettings(target, signal);
  if (settings.jumps) {
    throw new RedControlError('SSH_HOST_KEY', `Expected a known host key of ${target.host}, which is reached over another host, got none`, { hint: `Connect once by hand and compare the fingerprint: ssh ${target.user}@${target.host}` });
  }
  const keys = await scanHostKeys(settings, signal);
  if (keys.length === 0) throw new RedControlError('SSH_FAILED', `Expected the host keys of ${target.host} port ${settings.port}, got none`, { hint: 'See that an SSH server answers there.' });
  const trusted = await trustedOf(keys, { target, contact });
  await remember(trusted, settings.knownHostsFile);
}

/** Does something over SSH; where the host key is not known yet, it is learned and the thing done again, once. */
export async function withKnownHost<T>(target: SshTarget, contact: FirstContact, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!isUnknownHostKey(thrown)) throw thrown;
    await learnHostKey(target, contact);
    return work();
  }
}

async function scanHostKeys({ hostName, port, alias }: SshSettings, signal?: AbortSignal): Promise<HostKey[]> {
  const { stdout } = await runToEnd('ssh-keyscan', ['-T', '10', '-p', String(port), '--', hostName], { timeoutMs: 30_000, maxOutputBytes: 65_536, ...(signal ? { signal } : {}) });
  return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#')).flatMap((line) => {
    const [name, type, body] = line.split(' ');
    if (!name || !type || !body) return [];
    return [{ type, fingerprint: fingerprintOf(body), line: `${alias ?? name} ${type} ${body}` }];
  });
}

/** Fingerprint of a public key's base64 body, as `ssh-keygen -l` prints it. */
export function fingerprintOf(body: string): string {
  return `SHA256:${createHash('sha256').update(Buffer.from(body, 'base64')).digest('base64').replace(/=+$/, '')}`;
}

async function trustedOf(keys: readonly HostKey[], { target, contact }: { target: SshTarget; contact: FirstContact }): Promise<readonly HostKey[]> {
  const shown = keys.map(({ type, fingerprint }) => `${fingerprint} (${type})`).join(', ');
  if (contact.accept !== undefined) {
    const accepted = keys.filter(({ fingerprint }) => fingerprint === contact.accept);
    if (accepted.length > 0) return accepted;
    throw new RedControlError('SSH_HOST_KEY', `Expected the host key ${contact.accept} from ${target.host}, got ${shown}`, { hint: 'Do not go on before you know why: another machine may be answering.' });
  }
  if (contact.ask && (await contact.ask({ host: target.host, port: target.port, keys }))) return keys;
  throw new RedControlError('SSH_HOST_KEY', `Expected a known host key of ${target.host}, got ${shown}`, {
    hint: `Compare the fingerprint with the one that the server's provider shows, then give it: --accept-host-key ${keys[0]?.fingerprint}`,
  });
}

async function remember(keys: readonly HostKey[], file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await appendFile(file, keys.map(({ line }) => `${line}\n`).join(''), { mode: 0o600 });
}
