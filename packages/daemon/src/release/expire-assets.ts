import type { DaemonContext } from '../context.ts';
import { execInContainer } from '../engine/index.ts';
import { getRelease, listOpenReleases, liveRelease } from '../store/index.ts';
import { listReleaseContainers, type AppContainer } from './app-containers.ts';
import { openUnits, unitKey, type ReleaseUnit } from './release-units.ts';
import { assetNames, keptAssets, lastLiveAt, noteLive, removeAssets, type AssetOwner } from './asset-files.ts';

const namesPerCommand = 500;
const removeWithinMs = 60_000;

/**
 * Ends the time of replaced releases' asset files: they go from the containers of the live release, then from the server.
 * What a daemon that died did not remove is removed by the next look. Nothing is done to an environment while a release is under way.
 */
export async function expireAssets(daemon: DaemonContext): Promise<void> {
  const open = listOpenReleases(daemon.store);
  for (const owner of await keptAssets(daemon)) {
    const release = getRelease(daemon.store, owner.id);
    if (!release) {
      await removeAssets(daemon, owner);
      continue;
    }
    if (open.some(({ project, environment }) => project === release.project && environment === release.environment)) continue;
    const live = liveRelease(daemon.store, release.project, release.environment);
    const units = live ? openUnits(daemon, live) : [];
    if (units.some((unit) => unitKey(unit.release) === unitKey(owner))) await noteLive(daemon, owner, daemon.clock.now());
    else if (release.state === 'failed' || release.state === 'reverted') await removeAssets(daemon, owner);
    else if (await isOver(daemon, owner)) await removeFiles(daemon, { owner, serving: units.find((unit) => unit.release.app === owner.app) });
  }
}

async function isOver(daemon: DaemonContext, owner: AssetOwner): Promise<boolean> {
  const release = getRelease(daemon.store, owner.id);
  const unit = release && openUnits(daemon, release).find((one) => one.release.app === owner.app);
  return daemon.clock.now() - (await lastLiveAt(daemon, owner)) >= (unit?.snapshot.assets?.keepMs ?? 0);
}

async function removeFiles(daemon: DaemonContext, { owner, serving }: { owner: AssetOwner; serving: ReleaseUnit | undefined }): Promise<void> {
  const alone = serving ? await namesOfAlone(daemon, owner, serving) : [];
  const containers = serving && alone.length > 0 ? await listReleaseContainers(daemon, serving.release) : [];
  for (const container of containers.filter(({ process, running }) => process === 'web' && running)) {
    for (const user of new Set(alone.map(([, one]) => one))) {
      await removeFrom(daemon, container, { user, names: alone.flatMap(([name, one]) => (one === user ? [name] : [])) });
    }
  }
  await removeAssets(daemon, owner);
}

/** The image's own `rm` does it, with no more rights than whoever owns the folder. Without one the files stay for as long as the container. */
async function removeFrom(daemon: DaemonContext, { engine, id, name: container }: AppContainer, { user, names }: { user: string; names: string[] }): Promise<void> {
  for (let at = 0; at < names.length; at += namesPerCommand) {
    const files = names.slice(at, at + namesPerCommand).map((name) => `/${name}`);
    const ended = await execInContainer(engine, { container: id, user, command: ['rm', '-f', '--', ...files], onOutput: () => {}, timeoutMs: removeWithinMs }).catch((error: unknown) => error as Error);
    if (!('exitCode' in ended) || ended.exitCode !== 0) return daemon.log.error(`assets of before stay in ${container} until it is replaced`, ended);
  }
}

/** Files that neither the version that serves nor another whose time goes on has. */
async function namesOfAlone(daemon: DaemonContext, owner: AssetOwner, serving: ReleaseUnit): Promise<[name: string, user: string][]> {
  const { project, environment } = serving.release;
  const others: Map<string, string>[] = [];
  for (const other of await keptAssets(daemon)) {
    const release = getRelease(daemon.store, other.id);
    if (unitKey(other) === unitKey(owner) || other.app !== owner.app || release?.project !== project || release.environment !== environment) continue;
    const names = unitKey(other) === unitKey(serving.release) || !(await isOver(daemon, other)) ? await assetNames(daemon, other) : undefined;
    if (names) others.push(names);
  }
  return [...((await assetNames(daemon, owner)) ?? [])].filter(([name]) => !name.endsWith('/') && !others.some((names) => names.has(name)));
}
