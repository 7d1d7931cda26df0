import { frameworkNames, RedControlError, type Framework } from '@redcontrol/contract';
import { detectFramework, type Detection, type RepositoryView } from '@redcontrol/presets';
import { askChoice } from '../cli/ask.ts';
import { isInteractive } from '../cli/cli.ts';
import type { CommandContext } from '../cli/command-context.ts';
import { appChoices, detectInFolders, type AppChoice } from './app-choices.ts';
import type { Choice } from './branch-choice.ts';

export interface FrameworkChoice {
  /** Undefined where there are `apps`. */
  framework: Choice<Framework> | undefined;
  /** Folder of the app, where it is not the repository's top. */
  root: Choice<string> | undefined;
  /** Several apps, each in a folder of its own. */
  apps?: AppChoice[];
}

/**
 * What the app is written with, or which apps there are: as told, as clearly detected at the top or in the folders, or as
 * answered. Throws FRAMEWORK_UNKNOWN, naming the options to give, when it is not clear and nobody can be asked.
 */
export async function chooseFramework(context: CommandContext, view: (root: string) => RepositoryView, told: { framework?: Framework; root?: string }): Promise<FrameworkChoice> {
  const root = told.root === undefined ? undefined : { value: told.root, why: 'as told by --root' };
  if (told.framework) return { framework: { value: told.framework, why: 'as told by --framework' }, root };
  const top = await detectFramework(view(told.root ?? ''));
  if (top.chosen) return { framework: reasonOf(top.chosen), root };
  if (told.root === undefined && top.detections.every(({ certainty }) => certainty === 'unsure')) {
    const inFolders = await detectInFolders(view);
    const [only] = inFolders;
    if (only && inFolders.length === 1) return { framework: reasonOf(only.detection), root: { value: only.folder, why: 'the only folder with an app in it' } };
    if (inFolders.length > 1) return { framework: undefined, root: undefined, apps: appChoices(inFolders) };
  }
  return { framework: await askFramework(context, top.detections), root };
}

async function askFramework(context: CommandContext, detections: readonly Detection[]): Promise<Choice<Framework>> {
  const found = detections.map(({ framework, reason }) => `${framework} (${reason})`).join('; ');
  if (!isInteractive(context.cli)) throw unknown(found === '' ? 'no sign of any' : `several signs: ${found}`, `Name it with --framework: ${frameworkNames.join(', ')}.`);
  const likely = detections.map(({ framework, reason }) => ({ value: framework, hint: reason }));
  const others = frameworkNames.filter((name) => !likely.some(({ value }) => value === name)).map((value) => ({ value }));
  const value = await askChoice<Framework>(context, {
    message: detections.length === 0 ? 'Nothing says what the app is written with. What is it?' : 'It is not clear what the app is written with. What is it?',
    choices: [...likely, ...others],
    instead: 'Name it with --framework.',
  });
  return { value, why: 'as you answered' };
}

function reasonOf({ framework, reason, certainty }: Detection): Choice<Framework> {
  return { value: framework, why: `${certainty === 'certain' ? '' : 'likely: '}${reason.replace(/\s+/g, ' ')}` };
}

function unknown(got: string, hint: string): RedControlError {
  return new RedControlError('FRAMEWORK_UNKNOWN', `Expected a clear sign of what the app is written with, got ${got}`, { hint });
}
