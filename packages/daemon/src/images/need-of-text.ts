import type { ImageKind, ImageNeed } from '@redcontrol/presets';

const kindOfName: Record<string, ImageKind> = {
  debian: 'base', node: 'node', python: 'python', golang: 'go', rust: 'rust', maven: 'java', 'eclipse-temurin': 'java', openjdk: 'java',
  php: 'php', composer: 'php', ruby: 'ruby', postgres: 'postgres', mariadb: 'mariadb', mysql: 'mysql', redis: 'redis',
};
const suiteOfNumber: Record<string, string> = { '11': 'bullseye', '12': 'bookworm', '13': 'trixie', stable: 'trixie' };

/** What an official image's name is for (`node:20-alpine`: node 20, small), or undefined when it is another image. Pure. */
export function needOfText(text: string): ImageNeed | undefined {
  const parsed = /^(?:docker\.io\/)?(?:library\/)?([a-z0-9-]+)(?::([\w.-]+))?$/.exec(text);
  const name = parsed?.[1];
  if (name === undefined || !Object.hasOwn(kindOfName, name)) return undefined;
  const kind = kindOfName[name]!;
  const tag = parsed?.[2] ?? 'latest';
  const slim = /(^|-)(slim|alpine[\d.]*|jre)(-|$)/.test(tag);
  const version = kind === 'base' ? debianSuite(tag) : versionIn(name, tag);
  return { kind, slim, ...(version === undefined ? {} : { version }) };
}

function debianSuite(tag: string): string | undefined {
  const word = tag.split('-')[0]!;
  return word === 'latest' ? undefined : (suiteOfNumber[word] ?? word);
}

/** The number at the tag's beginning; for Maven's images, that of the Java in it. */
function versionIn(name: string, tag: string): string | undefined {
  if (name === 'maven') return /(?:temurin|openjdk|corretto)-(\d+)/.exec(tag)?.[1];
  if (name === 'composer') return undefined;
  return /^v?(\d+(?:\.\d+)*)/.exec(tag)?.[1];
}
