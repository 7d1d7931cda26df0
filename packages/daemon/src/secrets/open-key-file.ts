import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RedControlError } from '@redcontrol/contract';

export const keyBytes = 32;

/**
 * The key that secrets are sealed with: 32 random bytes, made at the first start with mode 0600.
 * Two starts at once get the same key, and a start killed in between leaves no half-written one.
 * Throws SECRET_KEY_REFUSED when the file is no plain file, belongs to another user, can be used by group or others,
 * or has another length: it is never repaired or replaced, because every stored secret hangs on it.
 */
export async function openKeyFile(path: string): Promise<Buffer> {
  return (await readKey(path)) ?? (await makeKey(path));
}

async function readKey(path: string): Promise<Buffer | undefined> {
  const file = await openPlain(path);
  if (!file) return undefined;
  try {
    const { mode, uid, size, isPlain } = await describe(file);
    if (!isPlain) throw refused(path, 'a plain file', 'something else', `Move it away and put the key file back from a backup.`);
    const ownUid = process.getuid?.() ?? 0;
    if (uid !== ownUid && uid !== 0) throw refused(path, `to belong to uid ${ownUid}`, `uid ${uid}`, `Run "chown ${ownUid} ${path}" after making sure who could read it.`);
    if ((mode & 0o077) !== 0) {
      throw refused(path, 'mode 0600', `mode ${mode.toString(8).padStart(4, '0')}`, `Others could read it. Run "chmod 600 ${path}", and set the secrets anew if somebody may have.`);
    }
    if (size !== keyBytes) throw refused(path, `${keyBytes} bytes`, `${size} bytes`, 'Put the key file back from a backup; without it the stored secrets have to be set anew.');
    const key = Buffer.alloc(keyBytes);
    const { bytesRead } = await file.read(key, 0, keyBytes, 0);
    if (bytesRead !== keyBytes) throw refused(path, `${keyBytes} bytes`, `${bytesRead} bytes`, 'Start again; the file changed while it was read.');
    return key;
  } finally {
    await file.close();
  }
}

async function describe(file: FileHandle) {
  const stat = await file.stat();
  return { mode: stat.mode & 0o7777, uid: stat.uid, size: stat.size, isPlain: stat.isFile() };
}

/** Written whole under another name and then linked: link() fails where a key is already, so none is ever overwritten. */
async function makeKey(path: string): Promise<Buffer> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(randomBytes(keyBytes));
      await file.chmod(0o600);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await syncFolder(dirname(path));
  } finally {
    await rm(temporary, { force: true });
  }
  const key = await readKey(path);
  if (!key) throw refused(path, 'a key file just made', 'none', 'Something removed it at the same moment; start again.');
  return key;
}

async function openPlain(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') throw refused(path, 'a plain file', 'a symbolic link', 'Put the key itself there.');
    throw new RedControlError('SECRET_KEY_REFUSED', `Expected to read the key file ${path}, got ${code}`, { cause: error, hint: 'The daemon must be able to read its own key file.' });
  }
}

/** After a power cut the name must be there as well as the bytes. */
async function syncFolder(directory: string): Promise<void> {
  const folder = await open(directory, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function refused(path: string, expected: string, got: string, hint: string): RedControlError {
  return new RedControlError('SECRET_KEY_REFUSED', `Expected the key file ${path} to be or have ${expected}, got ${got}`, { hint });
}
