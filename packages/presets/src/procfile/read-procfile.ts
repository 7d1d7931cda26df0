import type { AppRecipe, Procfile, RepositoryView } from '../recipe.ts';
import { isProcessName, parseProcfile } from './parse-procfile.ts';

/** What the repository's Procfile says about an app of this recipe; undefined where there is none. */
export async function readProcfile(repository: RepositoryView, recipe: AppRecipe): Promise<Procfile | undefined> {
  if (!(await repository.list('')).includes('Procfile')) return undefined;
  const text = await repository.readText('Procfile');
  if (text === undefined) return { processes: {}, migrate: undefined, problems: ['Expected the Procfile to be a text of at most 64 KiB, got something else'], notes: [] };
  const { entries, problems } = parseProcfile(text);
  const read: Procfile = { processes: {}, migrate: undefined, problems: problems.map(({ line, text: expected }) => `line ${line}: Expected ${expected}`), notes: [] };
  for (const { name, command, line } of entries) {
    if (name === 'release') takeRelease(read, recipe, command);
    else if (!isProcessName(name)) read.problems.push(`line ${line}: Expected a name of a–z, 0–9 and "-", beginning with a letter, at most 40 characters, got ${JSON.stringify(name.slice(0, 60))}`);
    else if (name === 'web' && liesElsewhere(recipe, command)) read.notes.push('The line "web:" of the Procfile is not used: what it starts lies elsewhere in the image that RedControl builds. The framework\'s command is.');
    else read.processes[name] = command;
  }
  const names = Object.keys(read.processes);
  if (names.length > 0) read.notes.push(`The Procfile gives the processes ${names.join(', ')}, where redcontrol.yml has no "processes:".`);
  return read;
}

function takeRelease(read: Procfile, recipe: AppRecipe, command: string): void {
  if (recipe.release.migrate === undefined) {
    read.migrate = command;
    read.notes.push('The line "release:" of the Procfile is the migration, where redcontrol.yml has no "processes:" and no command for "migrate".');
    return;
  }
  read.notes.push(`The line "release:" of the Procfile is not used: the framework's migration is (${recipe.release.migrate}).`);
}

/** A site of files has no program, and builders leave theirs in target/, of which the image has only the result. */
function liesElsewhere(recipe: AppRecipe, command: string): boolean {
  return recipe.runtime.kind === 'static' || (['rust', 'spring-boot'].includes(recipe.framework) && /(^|[\s/=])target\//.test(command));
}
