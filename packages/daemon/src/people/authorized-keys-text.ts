import { fingerprintOf, parsePublicKey } from './fingerprint-of.ts';

/** Somebody who may connect. A person of several projects comes several times. */
export interface KeyHolder {
  /** The public key as people write it: type, base64, perhaps a comment. */
  key: string;
}

const command = '/usr/local/bin/redcontrol-daemon connect --as';

const head = `# Written by RedControl from the people of its projects; changes here are lost.
# Each key may only talk to the daemon: no shell, no terminal, no forwarding.
`;

/**
 * The text of the user redcontrol's authorized_keys: one line per key, in order of the fingerprint.
 * Only the key itself and its fingerprint go in; role and projects are looked up at each connection, and names,
 * which anybody may have written, stay out. Throws CONFIG_INVALID for what is no key.
 */
export function authorizedKeysText(people: readonly KeyHolder[]): string {
  const lines = new Map<string, string>();
  for (const { key } of people) {
    const { type, base64 } = parsePublicKey(key);
    const fingerprint = fingerprintOf(key);
    lines.set(fingerprint, `restrict,command="${command} ${fingerprint}" ${type} ${base64}\n`);
  }
  const sorted = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
  return head + sorted.join('');
}
