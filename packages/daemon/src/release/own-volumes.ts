import { pack } from 'tar-stream';
import type { DaemonContext } from '../context.ts';
import { engineOf } from '../environment/index.ts';
import { acrossRestarts, createContainer, imageUser, putArchive, readEntry, removeContainer, type Engine } from '../engine/index.ts';
import { appContainerSpec } from './app-containers.ts';
import type { OtherPlace } from './run-once.ts';
import type { ReleaseSnapshot } from './release-snapshot.ts';
import { processLabel, type UnitRelease } from './release-units.ts';

interface Ids {
  uid: number;
  gid: number;
}

const maxPasswdBytes = 1024 ** 2;

/**
 * Gives the volumes of a release to the user that its image runs as, where they still belong to root: a new one does when
 * the image has no such folder of that user's, and an app without rights could not write to it. What is in them stays.
 * It is the engine that does it, through a container that never runs: the image need not have a shell.
 */
export async function ownVolumes(daemon: DaemonContext, release: UnitRelease, snapshot: ReleaseSnapshot, place?: OtherPlace): Promise<void> {
  const folders = Object.values(snapshot.volumes);
  if (folders.length === 0) return;
  const engine = engineOf(daemon, release);
  const user = await imageUser(engine, release.imageId);
  if (user === '') return;
  const spec = { ...appContainerSpec(daemon, release, snapshot), ...place };
  const { id } = await createContainer(engine, {
    ...spec, name: `${spec.network}--r${release.number}-${processLabel(release, 'volumes')}`,
    labels: { role: place ? 'scratch' : 'migration', project: release.project, environment: release.environment, release: release.id, name: 'volumes' },
  });
  try {
    const owner = await idsOf(engine, id, user);
    if (owner) for (const folder of folders) await ownFolder(engine, { container: id, folder, owner });
  } finally {
    await acrossRestarts(engine, () => removeContainer(engine, id));
  }
}

async function ownFolder(engine: Engine, { container, folder, owner }: { container: string; folder: string; owner: Ids }): Promise<void> {
  const there = await readEntry(engine, container, folder, 0);
  if (there?.header.type !== 'directory' || there.header.uid !== 0) return;
  const archive = pack();
  archive.entry({ name: `${folder.slice(1)}/`, type: 'directory', mode: there.header.mode ?? 0o755, ...owner });
  archive.finalize();
  await putArchive(engine, container, '/', archive);
}

/** `10001`, `10001:10001`, `app` or `app:app` as numbers; undefined where the image does not know the name. */
async function idsOf(engine: Engine, container: string, user: string): Promise<Ids | undefined> {
  const [name = '', group = ''] = user.split(':');
  if (/^\d+$/.test(name)) return { uid: Number(name), gid: /^\d+$/.test(group) ? Number(group) : Number(name) };
  const passwd = await readEntry(engine, container, '/etc/passwd', maxPasswdBytes).catch(() => undefined);
  const line = passwd?.content.toString('utf8').split('\n').map((one) => one.split(':')).find((fields) => fields[0] === name);
  return line && { uid: Number(line[2]), gid: /^\d+$/.test(group) ? Number(group) : Number(line[3]) };
}
