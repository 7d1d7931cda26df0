import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { asRedControlError, RedControlError } from '@redcontrol/contract';
import { systemClock } from '@redcontrol/system';
import { optionsFromEnvironment } from '../options-from-environment.ts';
import { stageState, takeState } from '../server-state/index.ts';

const longestIdentity = 200;

/**
 * `restore-state check`: reads the identity's line, then the archive, from standard input, and lays all of it ready. `restore-state take`: puts it in place,
 * while the daemon is stopped. Writes a line of JSON; of an error to standard error, with exit code 1.
 */
export async function restoreState([step]: string[]): Promise<void> {
  const { dataDirectory } = optionsFromEnvironment();
  const place = { dataDirectory, authorizedKeys: join(dataDirectory, 'home', '.ssh', 'authorized_keys'), now: systemClock.now() };
  try {
    if (step === 'check') process.stdout.write(`${JSON.stringify(await check(place))}\n`);
    else if (step === 'take') await takeState(place);
    else throw new RedControlError('USAGE', `Expected check or take, got ${step}`);
  } catch (thrown) {
    process.stderr.write(`${JSON.stringify(asRedControlError(thrown).toJSON())}\n`);
    process.exitCode = 1;
  }
}

async function check(place: Parameters<typeof stageState>[0]) {
  const identity = await firstLine(process.stdin);
  return stageState(place, process.stdin, identity);
}

/** What follows the line stays to be read. */
async function firstLine(input: Readable): Promise<string> {
  let seen = Buffer.alloc(0);
  for (;;) {
    const chunk = input.read() as Buffer | null;
    if (chunk === null) {
      if (input.readableEnded || input.destroyed) throw new RedControlError('USAGE', 'Expected a line with the key, got the end');
      await new Promise<void>((resolve) => {
        input.once('readable', resolve);
        input.once('end', resolve);
      });
      continue;
    }
    seen = Buffer.concat([seen, chunk]);
    const end = seen.indexOf(10);
    if (end === -1 && seen.length < longestIdentity) continue;
    if (end === -1 || end > longestIdentity) throw new RedControlError('USAGE', 'Expected a line with the key first');
    input.unshift(seen.subarray(end + 1));
    return seen.subarray(0, end).toString('utf8').trim();
  }
}
