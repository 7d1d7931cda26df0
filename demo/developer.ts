import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { killTree, runOrThrow, spawnProcess } from '@redcontrol/system';
import { askText } from './command-line.ts';
import { places } from './places.ts';
import { tell, tellCommand, tellNotification } from './tell.ts';

/** What `redwatch --json run` prints of a notification; only what is shown here. */
interface Told {
  title: string;
  body: string;
  urgency: 'low' | 'normal' | 'critical';
  notice?: { kind: string; subject: string };
}

const home = join(places.folder, 'developer');
const key = join(home, '.ssh', 'id_ed25519');
const patienceMs = 15_000;

/** Makes the developer's key and gives its public half, for the people of the configuration. */
export async function makeDeveloperKey(): Promise<string> {
  await mkdir(join(home, '.ssh'), { recursive: true, mode: 0o700 });
  await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'developer', '-f', key]);
  return (await readFile(`${key}.pub`, 'utf8')).trim();
}

export interface Developer {
  /** Shows what redwatch told, once it told of a run that failed. */
  show(): Promise<void>;
}

/** Connects redwatch as a developer does, by an invitation, and lets it follow the server in the background. */
export async function startDeveloper(): Promise<Developer> {
  tellCommand('redcontrol people invite');
  const invitation = await askText('people', 'invite');
  tell(invitation);
  tellCommand(invitation);
  const words = invitation.split(' ').slice(1);
  const { stdout } = await runOrThrow(process.execPath, [redwatch(), ...words, '--ssh-config', places.sshConfig, '--identity', key], { variables: own() });
  tell(stdout.trim());
  const told: Told[] = [];
  const child = spawnProcess(process.execPath, [redwatch(), '--json', 'run'], { variables: own(), cwd: home, stderr: 'ignore', group: false });
  // A demo that fails leaves nobody behind.
  process.once('exit', () => killTree(child));
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    told.push(...lines.map((line) => JSON.parse(line) as Told));
  });
  return {
    async show() {
      for (const end = Date.now() + patienceMs; !told.some(({ notice }) => notice?.kind === 'failed') && Date.now() < end; ) await delay(100);
      const ended = once(child, 'close');
      killTree(child, 'SIGTERM');
      await ended;
      if (told.length === 0) throw new Error('Expected notifications from redwatch, got none');
      // On a screen a later message of the same run takes the place of the one before.
      const last = new Map(told.map((one) => [one.notice?.subject ?? one, one]));
      for (const one of last.values()) tellNotification(one);
    },
  };
}

function redwatch(): string {
  return join(places.programs, 'redwatch.mjs');
}

/** A home of its own: the settings of whoever runs the demo stay as they are. */
function own(): Record<string, string> {
  return { HOME: home, XDG_CONFIG_HOME: '', XDG_STATE_HOME: '' };
}
