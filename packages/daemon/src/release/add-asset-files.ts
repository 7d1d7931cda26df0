import { createReadStream } from 'node:fs';
import { extract, pack } from 'tar-stream';
import type { DaemonContext } from '../context.ts';
import { putArchive, type Engine } from '../engine/index.ts';
import { assetFiles, assetNames, type AssetOwner } from './asset-files.ts';

/** Adds to a container those kept files that are not `present`, which then are. Nothing where they went meanwhile. */
export async function addAssetFiles(daemon: DaemonContext, { from, engine, container, present }: { from: AssetOwner; engine: Engine; container: string; present: Set<string> }): Promise<void> {
  const names = await assetNames(daemon, from);
  const wanted = new Set([...(names?.keys() ?? [])].filter((name) => !present.has(name)));
  if ([...wanted].every((name) => name.endsWith('/'))) return;
  const source = createReadStream(assetFiles(daemon, from).tar);
  const reader = extract();
  source.on('error', (error) => reader.destroy(error));
  source.pipe(reader);
  const chosen = pack();
  const copying = (async () => {
    for await (const entry of reader) {
      if (!wanted.has(entry.header.name)) {
        entry.resume();
        continue;
      }
      await new Promise<void>((done, failed) => {
        entry.pipe(chosen.entry({ ...entry.header, pax: null }, (error) => (error ? failed(error) : done())));
      });
    }
    chosen.finalize();
  })().catch((error: Error) => void chosen.destroy(error));
  await Promise.all([putArchive(engine, container, '/', chosen), copying]);
  for (const name of wanted) present.add(name);
}
