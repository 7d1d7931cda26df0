import { buildMark, cachePrefix, installMark } from './parts.ts';

export interface BuildInputs {
  /** Project that the build is for: its download caches are its own, so that no project can poison another's. */
  project: string;
  /** Names of the build's arguments (`build.arguments`); their values are given by --build-arg. */
  argumentNames: readonly string[];
  /** Names of the build's secrets (`build.secrets`); their values are given by --secret id=NAME and never are in a layer. */
  secretNames: readonly string[];
}

/** A recipe's Dockerfile made for one project: own cache ids, the arguments declared, the secrets mounted where something is installed or built. */
export function dockerfileFor(dockerfile: string, inputs: BuildInputs): string {
  const lines: string[] = [];
  let marked: 'install' | 'build' | undefined;
  for (const line of dockerfile.split('\n')) {
    if (line === installMark) marked = 'install';
    else if (line === buildMark) {
      marked = 'build';
      lines.push(...inputs.argumentNames.map((name) => `ARG ${name}`));
    } else {
      lines.push(marked && line.startsWith('RUN ') ? withSecrets(line, inputs.secretNames) : line);
      marked = undefined;
    }
  }
  return lines.join('\n').replaceAll(`,id=${cachePrefix}`, `,id=${cachePrefix}${inputs.project}-`);
}

/** Mounts each secret as a file that the app's user reads, and gives it to this one command as a variable. */
function withSecrets(line: string, names: readonly string[]): string {
  if (names.length === 0) return line;
  const [, mounts, command] = line.match(/^RUN ((?:--mount=\S+ )*)(.*)$/)!;
  const secretMounts = names.map((name) => `--mount=type=secret,id=${name},uid=10001,gid=10001 `).join('');
  const exports = names.map((name) => `if [ -f /run/secrets/${name} ]; then export ${name}="$(cat /run/secrets/${name})"; fi && `).join('');
  return `RUN ${secretMounts}${mounts}${exports}${command}`;
}
