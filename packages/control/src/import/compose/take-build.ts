import { repositoryPath } from '@redcontrol/contract';
import { isMapping, memberOf, membersOf, textOf, type SourceFile } from '../source-file.ts';
import { leave, type Take } from '../take.ts';
import { takeVariable } from '../take-variable.ts';

/** How the app's image is built: folder, Dockerfile, arguments. */
export function takeBuild(take: Take, source: SourceFile, service: string): void {
  const build = memberOf(source.data, 'services', service, 'build');
  const lineOf = (key: string) => source.lineOf(['services', service, 'build', key]);
  take.ownDockerfile = true;
  if (build === undefined) leave(take, source.lineOf(['services', service, 'image']), `the image ${textOf(memberOf(source.data, 'services', service, 'image')) ?? ''}`, 'RedControl builds the image from the repository, by its Dockerfile');
  const context = textOf(isMapping(build) ? build.context : build) ?? '.';
  const folder = context.replace(/^(\.\/)+/, '').replace(/\/+$/, '');
  if (folder !== '' && folder !== '.') {
    if (repositoryPath.safeParse(folder).success && !folder.includes(':')) take.root = folder;
    else leave(take, source.lineOf(['services', service, 'build']), `the folder of the build ${JSON.stringify(context)}`, 'it is outside of the repository');
  }
  for (const [key, value] of membersOf(build)) {
    if (key === 'context') continue;
    if (key === 'dockerfile' && repositoryPath.safeParse(value).success) {
      const path = String(value).replace(/^(\.\/)+/, '');
      if (path !== 'Dockerfile' && path !== '') take.dockerfile = path;
    } else if (key === 'args') takeArguments(take, value, lineOf(key));
    else leave(take, lineOf(key), `build.${key}`, 'it has no counterpart');
  }
}

function takeArguments(take: Take, all: unknown, line: number): void {
  const scratch: Take = { ...take, variables: take.buildArguments, secrets: take.buildSecrets };
  for (const [name, value] of pairsOf(all)) takeVariable(scratch, { name, value, line });
}

/** Variables in either of the two ways of writing them: a mapping, or a list of `NAME=value`. */
export function pairsOf(all: unknown): [name: string, value: unknown][] {
  if (!Array.isArray(all)) return membersOf(all);
  return all.map((entry) => {
    const text = textOf(entry) ?? '';
    const at = text.indexOf('=');
    return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
  });
}
