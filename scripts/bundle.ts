import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

export interface Bundle {
  name: 'redcontrol' | 'redcontrol-daemon' | 'redwatch';
  path: string;
  bytes: number;
  /** Hex SHA-256; the same sources give the same one. */
  sha256: string;
}

const bundles = [
  { name: 'redcontrol', entry: 'packages/control/src/main.ts', manifest: 'packages/control/package.json' },
  { name: 'redcontrol-daemon', entry: 'packages/daemon/src/main.ts', manifest: 'packages/daemon/package.json' },
  { name: 'redwatch', entry: 'packages/redwatch/src/main.ts', manifest: 'packages/redwatch/package.json' },
] as const;

/**
 * Parts of dockerode for ssh and for BuildKit sessions, which nothing here uses: builds go by the docker command line.
 * Left out they save 25 MB of memory and two native addons. Of the D-Bus library: reading descriptions of interfaces
 * in XML, and buses behind a program.
 */
const unusedParts = ['ssh2', '@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs', 'cpu-features', 'xml2js', 'event-stream'];

/** Makes one file each of the command lines and of the daemon, with all that they import. Same sources, same bytes. */
export async function bundle(folder: string = join(root, 'dist')): Promise<Bundle[]> {
  await mkdir(folder, { recursive: true });
  return Promise.all(bundles.map((wanted) => bundleOne(folder, wanted)));
}

async function bundleOne(folder: string, { name, entry, manifest }: (typeof bundles)[number]): Promise<Bundle> {
  const { version } = JSON.parse(await readFile(join(root, manifest), 'utf8')) as { version: string };
  const path = join(folder, `${name}.mjs`);
  const emptyModule = join(root, 'scripts', 'empty-module.ts');
  await build({
    entryPoints: [join(root, entry)],
    outfile: path,
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
    alias: Object.fromEntries(unusedParts.map((part) => [part, emptyModule])),
    define: { 'process.env.REDCONTROL_VERSION': JSON.stringify(version) },
    banner: {
      // CommonJS parts of the bundle ask for Node's own modules by `require`.
      js: "#!/usr/bin/env node\nimport { createRequire as bundleCreateRequire } from 'node:module';\nconst require = bundleCreateRequire(import.meta.url);",
    },
  });
  await chmod(path, 0o755);
  const content = await readFile(path);
  assertAscii(name, content.toString('utf8'));
  return { name, path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

/** One other character makes the engine hold the whole text with two bytes for each: 4 MB more of the daemon's memory. esbuild leaves them in regular expressions. */
function assertAscii(name: string, text: string): void {
  const found = /[^\0-\x7f]/.exec(text);
  if (found) throw new Error(`Expected nothing but ASCII in the bundle ${name}, got ${found[0]} in: ${text.slice(Math.max(0, found.index - 60), found.index + 20)} (write it as \\uXXXX in the source)`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { path, bytes, sha256 } of await bundle()) process.stdout.write(`${path} ${bytes} bytes sha256:${sha256}\n`);
}
