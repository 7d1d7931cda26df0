import type { Command, Option } from 'commander';

/** One word that may stand at the cursor. */
export interface Completion {
  word: string;
  description: string;
}

/** Names that come from outside the command line: of environments, servers and so on. */
export interface KnownNames {
  environments: readonly string[];
  servers: readonly string[];
  secrets: readonly string[];
  people: readonly string[];
  jobs: readonly string[];
  processes: readonly string[];
  channels: readonly string[];
}

/** What may stand at the last of these words, which may be begun or empty; [] where files may. */
export function completeWords(program: Command, words: readonly string[], names: KnownNames): Completion[] {
  const before = words.slice(0, -1);
  const begun = words.at(-1) ?? '';
  const { command, expects, operands } = walk(program, before);
  return candidates({ program, command, expects, operands, begun, names }).filter(({ word }) => word.startsWith(begun));
}

interface Place {
  command: Command;
  /** Option whose value comes next. */
  expects: Option | undefined;
  /** How many arguments of the command there are before. */
  operands: number;
}

/** Which command the words lead to. */
function walk(program: Command, words: readonly string[]): Place {
  const place: Place = { command: program, expects: undefined, operands: 0 };
  for (const word of words) {
    if (place.expects) {
      place.expects = undefined;
      continue;
    }
    if (word.startsWith('-')) {
      const option = optionsOf(program, place.command).find(({ short, long }) => word === short || word === long);
      if (option && (option.required || option.optional)) place.expects = option;
      continue;
    }
    const next = place.operands === 0 ? place.command.commands.find((command) => command.name() === word || command.aliases().includes(word)) : undefined;
    if (next) place.command = next;
    else place.operands += 1;
  }
  return place;
}

function candidates({ program, command, expects, operands, begun, names }: Place & { program: Command; begun: string; names: KnownNames }): Completion[] {
  if (expects) return optionValues(expects, names);
  if (begun.startsWith('-')) return optionsOf(program, command).filter(({ hidden }) => !hidden).map(({ long, short, description }) => ({ word: long ?? short ?? '', description }));
  if (command.commands.length > 0 && operands === 0) {
    return command.createHelp().visibleCommands(command).map((one) => ({ word: one.name(), description: one.description() }));
  }
  const path = `${command.parent?.name()} ${command.name()}`;
  if (operands === 0 && (path === 'secret set' || path === 'secret remove')) return plain(names.secrets, 'secret');
  if (operands === 0 && path === 'channel test') return plain(names.channels, 'channel');
  if (operands === 0 && path === 'people remove') return plain(names.people, 'person');
  if (operands === 0 && command.parent?.name() === 'job') return plain(names.jobs, 'job');
  if (operands === 0 && /^app (restart|stop|start)$/.test(path)) return plain(names.processes, 'process');
  return (command.registeredArguments[operands]?.argChoices ?? []).map((word) => ({ word, description: '' }));
}

function optionValues(option: Option, names: KnownNames): Completion[] {
  if (option.argChoices) return plain(option.argChoices, option.description);
  if (option.long === '--environment') return plain(names.environments, 'environment');
  if (option.long === '--process') return plain(names.processes, 'process');
  if (option.long === '--server') return plain(names.servers, 'server');
  return [];
}

function optionsOf(program: Command, command: Command): Option[] {
  const own = command.createHelp().visibleOptions(command);
  return command === program ? own : [...own, ...program.options];
}

/** Names with characters that a shell would take for something else are left to be typed. */
function plain(words: readonly string[], description: string): Completion[] {
  return [...new Set(words)].filter((word) => /^[\p{L}\p{N}_./-]+$/u.test(word)).map((word) => ({ word, description }));
}
