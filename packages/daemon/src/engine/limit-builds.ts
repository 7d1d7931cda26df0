import { buildGroups, type BuildGroups } from './build-groups.ts';
import { engineVersion } from './engine-version.ts';
import type { Engine } from './engine.ts';
import { writeGroupLimits, type GroupLimits } from './write-group-limits.ts';

/** What all builds together may take (on cgroup v2 with the systemd driver: each step of a build). */
export type BuildLimits = GroupLimits;

export interface LimitReport {
  /** What is in force, in words. */
  set: string[];
  /** What could not be set, and why. */
  failed: string[];
}

const scopeCheckMs = 100;
const limited = new WeakMap<Engine['docker'], { limits: BuildLimits; groups: BuildGroups }>();

/**
 * Sets the limits of this engine's builds, now and at each build from now on.
 *
 * BuildKit inside the engine takes no parent cgroup by option (the engine ignores `--cgroup-parent` for it), so the
 * limits are written where its steps run: the cgroup `docker/buildkit` with the cgroupfs driver; with the systemd
 * driver, a cgroup of each step's own, which is found while a build runs.
 * Throws ENGINE_UNAVAILABLE; what cannot be set is told, not thrown.
 */
export async function limitBuilds(engine: Engine, limits: BuildLimits, options: { cgroupRoot?: string } = {}): Promise<LimitReport> {
  if (engine.name !== 'host') {
    return { set: [], failed: [`builds on ${engine.name} are limited by the virtual machine's own size only`] };
  }
  const groups = buildGroups(await engineVersion(engine), options.cgroupRoot ?? '/sys/fs/cgroup');
  limited.set(engine.docker, { limits, groups });
  if (groups.kind === 'each-step') {
    await groups.prepare();
    return { set: ['limits of each build step, set while it runs'], failed: ['a limit of all builds together: the engine has no common cgroup for them'] };
  }
  return applyToAll(groups, limits);
}

/** Puts the limits in force for one build; `release` ends the watch that this may need. */
export async function holdBuildLimits(engine: Engine): Promise<{ release(): void }> {
  const held = limited.get(engine.docker);
  if (!held) return { release() {} };
  const { limits, groups } = held;
  if (groups.kind === 'common') {
    await applyToAll(groups, limits);
    return { release() {} };
  }
  const done = new Set<string>();
  const timer = setInterval(() => void limitNewSteps(groups, limits, done), scopeCheckMs);
  return { release: () => clearInterval(timer) };
}

async function applyToAll(groups: Extract<BuildGroups, { kind: 'common' }>, limits: BuildLimits): Promise<LimitReport> {
  await groups.prepare();
  return writeGroupLimits(groups.files, limits);
}

async function limitNewSteps(groups: Extract<BuildGroups, { kind: 'each-step' }>, limits: BuildLimits, done: Set<string>): Promise<void> {
  for (const folder of await groups.find()) {
    if (done.has(folder)) continue;
    done.add(folder);
    // A step that has ended meanwhile takes its cgroup with it: nothing to limit.
    await writeGroupLimits(groups.filesOf(folder), limits);
  }
}
