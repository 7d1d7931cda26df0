import { chmod, cp, mkdir, mkdtemp, readdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RedControlError } from '@redcontrol/contract';
import { readIfExists, runOrThrow, runToEnd } from '@redcontrol/system';
import { recipeHash, keyOptions, serverMirrors, sourceLines } from '../../images/index.ts';
import type { MachineRecipe } from './machine-recipe.ts';

/** A system that machines start from; never written to. */
export interface MachineImage {
  /** Changes with the recipe and with the day it was made. */
  id: string;
  rootDisk: string;
  kernel: string;
  initrd: string;
  madeAtMs: number;
}

export interface ImageWatcher {
  onOutput: (text: string) => void;
  signal?: AbortSignal;
}

/** An image older than this is made anew, with the security updates since. */
export const maxImageAgeMs = 30 * 24 * 3_600_000;
const makeTimeoutMs = 30 * 60_000;
const leaveOut = ['/usr/share/man/*', '/usr/share/locale/*', '/usr/share/doc/*', '/usr/share/info/*'];

const underWay = new Map<string, Promise<MachineImage>>();

/**
 * The image of a recipe under `directory`: the newest one made by it, else made now by mmdebstrap in one to three
 * minutes. Who asks meanwhile waits for the same. Throws IMAGE_UNAVAILABLE, CANCELLED.
 */
export async function ensureMachineImage(directory: string, recipe: MachineRecipe, watcher: ImageWatcher): Promise<MachineImage> {
  const known = await newestImage(directory, recipe);
  return known ?? makeMachineImage(directory, recipe, watcher);
}

/** Whether an image has the recipe of today and is not too old. Pure. */
export function isCurrent(image: MachineImage, nowMs: number): boolean {
  return nowMs - image.madeAtMs < maxImageAgeMs;
}

/** The newest image that this recipe made here, of whatever age. */
export async function newestImage(directory: string, recipe: MachineRecipe): Promise<MachineImage | undefined> {
  const hash = recipeHash(recipe);
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.startsWith(`${recipe.suite}-${hash}-`));
  const images = await Promise.all(names.map((name) => readImage(join(directory, name))));
  return images.flatMap((image) => (image ? [image] : [])).toSorted((a, b) => b.madeAtMs - a.madeAtMs)[0];
}

/** Makes an image also where there is one already. */
export async function makeMachineImage(directory: string, recipe: MachineRecipe, watcher: ImageWatcher): Promise<MachineImage> {
  const known = underWay.get(directory);
  if (known) return known;
  const making = make(directory, recipe, watcher).finally(() => underWay.delete(directory));
  underWay.set(directory, making);
  return making;
}

async function make(directory: string, recipe: MachineRecipe, watcher: ImageWatcher): Promise<MachineImage> {
  const startedAtMs = Date.now();
  watcher.onOutput(`Making the system of virtual machines (Debian ${recipe.suite}) from its packages\n`);
  await mkdir(directory, { recursive: true });
  const folder = await mkdtemp(join(directory, 'making-'));
  try {
    const root = join(folder, 'root');
    await bootstrap(recipe, { root, folder, watcher });
    for (const file of recipe.files) {
      await mkdir(dirname(join(root, file.path)), { recursive: true });
      await writeFile(join(root, file.path), file.text);
      await chmod(join(root, file.path), file.mode);
    }
    for (const name of ['redcontrol-boot.service', 'redcontrol-agent.service']) await enable(root, name);
    for (const name of recipe.masked) await symlink('/dev/null', join(root, 'etc/systemd/system', name));
    const result = join(folder, 'image');
    await mkdir(result);
    const boot = await readdir(join(root, 'boot'));
    for (const name of ['vmlinuz', 'initrd.img']) await cp(join(root, 'boot', newest(boot, `${name}-`)), join(result, name));
    await rm(join(root, 'boot'), { recursive: true });
    await writeDisk(root, join(result, 'root.img'), { bytes: recipe.rootBytes, signal: watcher.signal });
    await writeFile(join(result, 'made.json'), JSON.stringify({ madeAtMs: Date.now() }));
    const target = join(directory, `${recipe.suite}-${recipeHash(recipe)}-${new Date().toISOString().slice(0, 10)}-${folder.slice(-6)}`);
    await rename(result, target);
    watcher.onOutput(`Made it in ${Math.round((Date.now() - startedAtMs) / 1000)} s\n`);
    return (await readImage(target))!;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Bootstrap {
  root: string;
  folder: string;
  watcher: ImageWatcher;
}

async function bootstrap(recipe: MachineRecipe, { root, folder, watcher }: Bootstrap): Promise<void> {
  const mirrors = await serverMirrors();
  let tail = '';
  const { exitCode } = await runToEnd('nice', [
    '-n', '10', 'mmdebstrap', '--mode=root', '--variant=minbase', '--format=directory', `--include=${recipe.packages.join(',')}`,
    ...leaveOut.map((path) => `--dpkgopt=path-exclude=${path}`), ...keyOptions(mirrors),
    // One initrd is enough, with the few drivers that a virtual machine has.
    `--essential-hook=mkdir -p "$1/etc/initramfs-tools/conf.d"; echo MODULES=list > "$1/etc/initramfs-tools/conf.d/redcontrol"; printf 'virtio_pci\\nvirtio_blk\\next4\\n' > "$1/etc/initramfs-tools/modules"`,
    '--', recipe.suite, root, ...(mirrors ? sourceLines(mirrors, recipe.suite) : []),
  ], {
    variables: { TMPDIR: folder }, timeoutMs: makeTimeoutMs, maxOutputBytes: 0, ...(watcher.signal ? { signal: watcher.signal } : {}),
    onOutput(chunk) {
      tail = (tail + chunk.toString('utf8')).slice(-2000);
      watcher.onOutput(chunk.toString('utf8'));
    },
  });
  if (exitCode === 0) return;
  throw new RedControlError('IMAGE_UNAVAILABLE', `Expected mmdebstrap to make the system of virtual machines, got exit code ${exitCode}: ${tail.trim()}`, {
    hint: 'See that mmdebstrap and debian-archive-keyring are installed, and that the server reaches a Debian mirror.',
  });
}

async function enable(root: string, unit: string): Promise<void> {
  await runOrThrow('systemctl', ['--root', root, 'enable', '--quiet', unit]).catch(() =>
    runOrThrow('chroot', [root, 'systemctl', 'enable', '--quiet', unit]),
  );
}

async function writeDisk(root: string, disk: string, { bytes, signal }: { bytes: number; signal: AbortSignal | undefined }): Promise<void> {
  await writeFile(disk, '');
  await truncate(disk, bytes);
  await runOrThrow('mke2fs', ['-q', '-t', 'ext4', '-m', '0', '-L', 'system', '-E', 'lazy_itable_init=1,root_owner=0:0', '-d', root, disk], signal ? { signal } : {});
}

async function readImage(folder: string): Promise<MachineImage | undefined> {
  const text = await readIfExists(join(folder, 'made.json'));
  if (text === undefined) return undefined;
  const { madeAtMs } = JSON.parse(text) as { madeAtMs: number };
  return { id: folder.slice(folder.lastIndexOf('/') + 1), rootDisk: join(folder, 'root.img'), kernel: join(folder, 'vmlinuz'), initrd: join(folder, 'initrd.img'), madeAtMs };
}

function newest(names: readonly string[], prefix: string): string {
  const found = names.filter((name) => name.startsWith(prefix)).toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  if (!found) throw new RedControlError('IMAGE_UNAVAILABLE', `Expected a file ${prefix}… in /boot of the new system, found none`);
  return found;
}
