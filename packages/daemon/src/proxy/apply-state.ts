import type { Clock } from '@redcontrol/system';
import { RedControlError } from '@redcontrol/contract';
import { applyOperations } from './apply-operations.ts';
import { planChange, type Change, type Wanted } from './plan-change.ts';
import { readFingerprint, readRunning } from './read-running.ts';
import { reloadHaproxy } from './reload.ts';
import { backendName } from './render-backend.ts';
import { structureHash } from './render-config.ts';
import { chooseCertificates, namesByFile, renderTables, type CertificateFiles } from './render-maps.ts';
import { askHaproxy } from './runtime-socket.ts';
import { proxyPaths, type ProxyPaths, type ProxySettings } from './settings.ts';
import type { ProxyState } from './site.ts';
import { cutOldSessions } from './workers.ts';
import { renderFiles, validateConfig, writeFiles } from './write-files.ts';

const answersWithinMs = 10_000;
const lookEveryMs = 50;

export interface Applying {
  settings: ProxySettings;
  binary: string;
  clock: Clock;
  /** Structure and certificates that HAProxy itself found good last. */
  validated: { key: string };
}

/**
 * Brings the files, then the running process, to a state, and proves it by reading back. The files come first: HAProxy may
 * restart at any moment. Throws PROXY_FAILED; after a reload that came to nothing the files are as they were.
 */
export async function applyState(state: ProxyState, certificates: CertificateFiles, applying: Applying): Promise<{ reloaded: boolean }> {
  const { settings, clock } = applying;
  const paths = proxyPaths(settings);
  const usable = await usableCertificates(state, certificates);
  const wanted = wantedOf(state, usable, settings);
  const written = await writeFiles(renderFiles(state, usable.files, settings), settings, (candidate) => validateOnce(candidate, wanted, applying));
  await waitForHaproxy(paths, clock);
  const plan = planChange(wanted, await readRunning(paths));
  if (plan.kind === 'runtime') {
    // What could not be done shows when it is read back, and a reload does it.
    await applyOperations(plan.operations, paths, clock).catch(() => {});
    await cutGone(wanted, paths);
    if (isDone(plan) || isDone(planChange(wanted, await readRunning(paths)))) return { reloaded: false };
  }
  try {
    await reloadHaproxy(wanted.structure, paths, clock);
  } catch (error) {
    await written.restore();
    // The master waits with no worker of its own until it is told again.
    await askHaproxy(paths.masterSocket, 'reload').catch(() => '');
    throw error;
  }
  await cutGone(wanted, paths);
  if (isDone(planChange(wanted, await readRunning(paths)))) return { reloaded: true };
  throw new RedControlError('PROXY_FAILED', 'Expected HAProxy to do what its file says after a reload, it does something else', { hint: 'Look at its messages: journalctl -u redcontrol-haproxy' });
}

/**
 * Server lines and routes are made of checked words, in forms that HAProxy took before: a switch does not wait for HAProxy
 * to read the whole file once more. Anything else does.
 */
async function validateOnce(candidate: string, wanted: Wanted, { binary, validated }: Applying): Promise<void> {
  const key = JSON.stringify([wanted.structure, wanted.certificates]);
  if (validated.key === key) return;
  await validateConfig(candidate, binary);
  validated.key = key;
}

function isDone(change: Change): boolean {
  return change.kind === 'runtime' && change.operations.length === 0;
}

interface UsableCertificates {
  files: Record<string, string>;
  fingerprints: Record<string, string>;
}

/** A certificate that cannot be read would keep HAProxy from starting at all: its domain is served over HTTP instead. */
async function usableCertificates(state: ProxyState, certificates: CertificateFiles): Promise<UsableCertificates> {
  const usable: UsableCertificates = { files: {}, fingerprints: {} };
  for (const [name, file] of Object.entries(chooseCertificates(state, certificates))) {
    const fingerprint = usable.fingerprints[file] ?? (await readFingerprint(file));
    if (fingerprint === undefined) continue;
    usable.files[name] = file;
    usable.fingerprints[file] = fingerprint;
  }
  return usable;
}

function wantedOf(state: ProxyState, { files, fingerprints }: UsableCertificates, settings: ProxySettings): Wanted {
  const certificates = Object.fromEntries(Object.entries(namesByFile(files)).map(([file, names]) => [file, { names, fingerprint: fingerprints[file] ?? '' }]));
  return { structure: structureHash(state, settings), sites: state.sites, tables: renderTables(state, files, proxyPaths(settings)), certificates };
}

/** Connections that older workers hold of servers which are no longer wanted end as those of the present worker do. */
async function cutGone(wanted: Wanted, paths: ProxyPaths): Promise<void> {
  const kept = new Map(wanted.sites.map((site) => [backendName(site.id), new Set(site.servers.map((server) => server.name))]));
  await cutOldSessions((backend, server) => kept.get(backend)?.has(server) === false, paths);
}

/** HAProxy may just be coming up again. */
async function waitForHaproxy(paths: ProxyPaths, clock: Clock): Promise<void> {
  for (const until = clock.now() + answersWithinMs; ; await clock.sleep(lookEveryMs)) {
    try {
      await Promise.all([askHaproxy(paths.socket, 'show version'), askHaproxy(paths.masterSocket, 'show version')]);
      return;
    } catch (error) {
      if (clock.now() > until) throw error;
    }
  }
}
