import { type Manifest, scriptOf } from './manifest.ts';
import type { PackageManager } from './package-manager.ts';

/** A command for a container: words for exec, or a text for `sh -c`. */
export type ContainerCommand = { words: string[] } | { shell: string };

/**
 * A script of package.json as the container's own command, so that stop signals reach the app itself:
 * npm between them would swallow them and cost its memory. Programs of node_modules/.bin are on the image's PATH.
 */
export function scriptCommand(manifest: Manifest, name: string, manager: PackageManager): ContainerCommand | undefined {
  const script = scriptOf(manifest, name)?.trim();
  if (script === undefined) return undefined;
  const needsManager = /\b(npm|npx|pnpm|yarn|bun|corepack)\b/.test(script) || scriptOf(manifest, `pre${name}`) !== undefined;
  if (needsManager || /[\r\n\0]/.test(script)) return { words: manager.run(name).split(' ') };
  if (!/^[\w@./:=,+ -]+$/.test(script)) return { shell: withExec(script) };
  const words = script.split(/ +/);
  return words[0]!.includes('=') ? { shell: `exec env ${words.join(' ')}` } : { words };
}

/** Text of the command for a shell, where a string is wanted. */
export function shellText(command: ContainerCommand): string {
  return 'shell' in command ? command.shell : command.words.join(' ');
}

/** Lets the last command of `a && b` take the shell's place. Anything more than that is left as it is. */
function withExec(script: string): string {
  if (/[;|&`<>]/.test(script.replaceAll('&&', ''))) return script;
  const parts = script.split('&&');
  const last = parts.pop()!.trim();
  const program = /^[A-Za-z_]\w*=/.test(last) ? `exec env ${last}` : `exec ${last}`;
  return [...parts.map((part) => part.trim()), program].join(' && ');
}

/** Programs whose package has another name. */
const packageOfProgram: Record<string, string> = {
  nest: '@nestjs/cli', sequelize: 'sequelize-cli', 'typeorm-ts-node-commonjs': 'typeorm', 'typeorm-ts-node-esm': 'typeorm',
  'babel-node': '@babel/node', 'remix-serve': '@remix-run/serve', tsc: 'typescript',
};

/** The first package that is only there for development and that these commands of the deployed app call. */
export function developmentPackageIn(manifest: Manifest, commands: (string | undefined)[]): string | undefined {
  for (const word of commands.join(' ').split(/[\s"'=;&|()/]+/)) {
    const name = Object.hasOwn(packageOfProgram, word) ? packageOfProgram[word]! : word;
    if (manifest.devDependencies.has(name) && !manifest.dependencies.has(name)) return name;
  }
  return undefined;
}
