import { writeFileAtomic } from '@redcontrol/system';
import { authorizedKeysText, type KeyHolder } from './authorized-keys-text.ts';

/**
 * Replaces the authorized_keys file at once; it holds from the next connection on.
 * The file is the daemon's own, so nobody who logs in with a key can change it; sshd, which looks at it as the user
 * redcontrol, may read it, and the mode of its folder keeps all others out.
 */
export async function writeAuthorizedKeys(path: string, people: readonly KeyHolder[]): Promise<void> {
  await writeFileAtomic(path, authorizedKeysText(people), 0o644);
}
