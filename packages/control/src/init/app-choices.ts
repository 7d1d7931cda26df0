import { maxApps, name as nameSchema, takenAppNames, type Framework } from '@redcontrol/contract';
import { detectFramework, type Detection, type RepositoryView } from '@redcontrol/presets';

/** One of several apps as `init` proposes it. */
export interface AppChoice {
  name: string;
  root: string;
  framework: Framework;
  /** Undefined: it answers at the top of the domain. */
  path: string | undefined;
  why: string;
}

interface FoundApp {
  folder: string;
  detection: Detection;
}

const maxFolders = 50;
/** Folders that hold apps and are none themselves. */
const appFolders = ['apps/', 'services/'];
/** What people see first. */
const frontEnds: readonly Framework[] = ['vite', 'nextjs'];

/** Folders of a repository that clearly hold an app. */
export async function detectInFolders(view: (root: string) => RepositoryView): Promise<FoundApp[]> {
  const top = await foldersOf(view, '');
  const below = await Promise.all(top.filter((name) => appFolders.includes(`${name}/`)).map((name) => foldersOf(view, name)));
  const folders = [...top.filter((name) => !appFolders.includes(`${name}/`)), ...below.flat()].slice(0, maxFolders);
  const found = await Promise.all(folders.map(async (folder) => ({ folder, detection: (await detectFramework(view(folder))).chosen })));
  return found.flatMap(({ folder, detection }) => (detection ? [{ folder, detection }] : []));
}

/** Names and paths for apps that were found, pure: a front end, or the first, has the domain's top, each other the path of its name. */
export function appChoices(found: readonly FoundApp[]): AppChoice[] {
  const apps = found.slice(0, maxApps);
  const first = apps.find(({ detection }) => frontEnds.includes(detection.framework)) ?? apps[0];
  const names = new Set<string>();
  return apps.map((app) => {
    const { folder, detection } = app;
    const name = freeName(folder, names);
    names.add(name);
    return { name, root: folder, framework: detection.framework, path: app === first ? undefined : `/${name}`, why: detection.reason.replace(/\s+/g, ' ') };
  });
}

async function foldersOf(view: (root: string) => RepositoryView, folder: string): Promise<string[]> {
  const names = (await view(folder).list('')).filter((name) => name.endsWith('/') && !name.startsWith('.') && name !== 'node_modules/' && name !== 'vendor/');
  return names.slice(0, maxFolders).map((name) => `${folder === '' ? '' : `${folder}/`}${name.slice(0, -1)}`);
}

/** The folder's own name as far as it can be one; a folder may be called anything. */
function freeName(folder: string, names: ReadonlySet<string>): string {
  const own = (folder.split('/').at(-1) ?? '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^[^a-z]+|-+$/g, '').slice(0, 36).replace(/-+$/, '');
  const base = nameSchema.safeParse(own).success && !takenAppNames.includes(own) ? own : 'app';
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!names.has(name)) return name;
  }
}
