import { parseProcfile } from '@redcontrol/presets';
import { leave, newTake, takeProcess, type Take } from './take.ts';

/** What a Procfile says: commands by process, and `release:` as the migration. Pure; never throws. */
export function convertProcfile(text: string, file: string): Take {
  const take = newTake(file);
  const { entries, problems } = parseProcfile(text);
  for (const { line, text: expected } of problems) leave(take, line, 'this line', `expected ${expected}`);
  for (const { name, command, line } of entries) {
    if (name === 'release') {
      take.migrate = { run: command, file, line };
      continue;
    }
    const process = takeProcess(take, name, line);
    if (process?.run !== undefined) leave(take, line, `the process ${name}`, 'another of these names became the same');
    else if (process) process.run = command;
  }
  return take;
}
