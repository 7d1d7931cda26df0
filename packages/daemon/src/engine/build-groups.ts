import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineVersion } from './engine-version.ts';

/** Where a limit is written: one folder for cgroup v2, one a controller for v1. */
export type GroupFiles =
  | { version: 1; memory: string; cpu: string; pids: string }
  | { version: 2; folder: string };

/** Where BuildKit's steps run: in one common cgroup, or each in its own that appears with it. */
export type BuildGroups =
  | { kind: 'common'; files: GroupFiles; prepare(): Promise<void> }
  | { kind: 'each-step'; prepare(): Promise<void>; find(): Promise<string[]>; filesOf(folder: string): GroupFiles };

/** Finds the place for an engine; nothing is touched yet. */
export function buildGroups(engine: Pick<EngineVersion, 'cgroupVersion' | 'cgroupDriver'>, root: string): BuildGroups {
  if (engine.cgroupDriver === 'systemd') return eachStep(engine.cgroupVersion, root);
  const path = join('docker', 'buildkit');
  if (engine.cgroupVersion === 1) {
    const files = groupsOfVersion1(root, path);
    return {
      kind: 'common',
      files,
      prepare: async () => {
        for (const folder of [files.memory, files.cpu, files.pids]) await mkdir(folder, { recursive: true }).catch(() => {});
      },
    };
  }
  return { kind: 'common', files: { version: 2, folder: join(root, path) }, prepare: () => prepareVersion2(root) };
}

function groupsOfVersion1(root: string, path: string) {
  return { version: 1 as const, memory: join(root, 'memory', path), cpu: join(root, 'cpu', path), pids: join(root, 'pids', path) };
}

/** A controller works in a cgroup of v2 only when each cgroup above passes it on. */
async function prepareVersion2(root: string): Promise<void> {
  await mkdir(join(root, 'docker', 'buildkit'), { recursive: true }).catch(() => {});
  await passOnControllers([root, join(root, 'docker'), join(root, 'docker', 'buildkit')]);
}

async function passOnControllers(folders: readonly string[]): Promise<void> {
  for (const folder of folders) await writeFile(join(folder, 'cgroup.subtree_control'), '+cpu +memory +pids', { flag: 'r+' }).catch(() => {});
}

/** BuildKit's own ids: 25 characters of base 36. Those of containers are 64 hexadecimal digits. */
const stepNames = [/^[a-z-]+\.slice:docker:[a-z0-9]{25}$/, /^docker-[a-z0-9]{25}\.scope$/];

/**
 * With the systemd driver the engine gives BuildKit the parent `system.slice:docker:`, but BuildKit's runc does not speak
 * to systemd: it makes a cgroup of that very name, `system.slice:docker:<id>`, beside the engine's own, which is in
 * system.slice. Where a runc does speak to systemd it is the scope `docker-<id>.scope` there.
 */
function eachStep(version: 1 | 2, root: string): BuildGroups {
  const base = version === 2 ? root : join(root, 'memory');
  const places = ['', 'system.slice'];
  return {
    kind: 'each-step',
    async prepare() {
      if (version === 2) await passOnControllers(places.map((place) => join(root, place)));
    },
    async find() {
      const found = await Promise.all(places.map(async (place) => {
        const names = await readdir(join(base, place)).catch(() => []);
        return names.filter((name) => stepNames.some((pattern) => pattern.test(name))).map((name) => join(place, name));
      }));
      return found.flat();
    },
    filesOf: (folder) => (version === 2 ? { version: 2, folder: join(root, folder) } : groupsOfVersion1(root, folder)),
  };
}
