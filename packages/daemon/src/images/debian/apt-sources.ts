import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfExists } from '@redcontrol/system';
import type { DebianSuite } from './recipe.ts';

/** Where this server takes Debian's packages from. */
export interface DebianMirrors {
  archive: string;
  security: string | undefined;
}

/** The server's own mirrors, or undefined when it is not Debian: mmdebstrap then takes Debian's default ones. */
export async function serverMirrors(etc = '/etc'): Promise<DebianMirrors | undefined> {
  const release = (await readIfExists(join(etc, 'os-release'))) ?? '';
  const codename = /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(release)?.[1];
  if (!/^ID="?debian"?$/m.test(release) || codename === undefined) return undefined;
  const entries = (await sourceTexts(etc)).flatMap(entriesOf).filter((entry) => entry.components.includes('main'));
  const archive = entries.find((entry) => entry.suites.includes(codename));
  if (!archive) return undefined;
  return { archive: archive.uri, security: entries.find((entry) => entry.suites.includes(`${codename}-security`))?.uri };
}

/**
 * Options of mmdebstrap for the keys of a Debian. Debian's servers trust theirs, also for mirrors with keys of their own;
 * on Ubuntu mmdebstrap finds Debian's by itself only where gpg is installed, and trusts Ubuntu's otherwise.
 */
export function keyOptions(mirrors: DebianMirrors | undefined): string[] {
  return mirrors ? [] : ['--keyring=/usr/share/keyrings/debian-archive-keyring.gpg'];
}

/** Lines of a sources.list for a suite on these mirrors. */
export function sourceLines(mirrors: DebianMirrors, suite: DebianSuite): string[] {
  return [
    `deb ${mirrors.archive} ${suite} main`,
    `deb ${mirrors.archive} ${suite}-updates main`,
    ...(mirrors.security === undefined ? [] : [`deb ${mirrors.security} ${suite}-security main`]),
  ];
}

interface SourceEntry {
  uri: string;
  suites: string[];
  components: string[];
}

async function sourceTexts(etc: string): Promise<string[]> {
  const folder = join(etc, 'apt', 'sources.list.d');
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.list') || name.endsWith('.sources')).sort();
  const list = await readIfExists(join(etc, 'apt', 'sources.list'));
  return [list ?? '', ...(await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8'))))];
}

/** Both forms that apt knows: lines that begin with `deb`, and paragraphs of fields (see sources.list(5)). */
function entriesOf(text: string): SourceEntry[] {
  const lines = [...text.matchAll(/^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.+)$/gm)];
  const oneLine = lines.map(([, uri, suite, components]) => ({ uri: uri!, suites: [suite!], components: components!.trim().split(/\s+/) }));
  const paragraphs = text.replace(/^#.*\n?/gm, '').split(/\n\s*\n/).flatMap((paragraph) => {
    const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*(?:\\n[ \\t].*)*)`, 'mi').exec(paragraph)?.[1]?.trim().split(/\s+/) ?? [];
    const enabled = field('Enabled')[0] !== 'no' && field('Types').includes('deb');
    return enabled ? field('URIs').slice(0, 1).map((uri) => ({ uri, suites: field('Suites'), components: field('Components') })) : [];
  });
  return [...oneLine, ...paragraphs].filter((entry) => /^https?:\/\//.test(entry.uri));
}
