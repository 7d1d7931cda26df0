import { parseEnv } from 'node:util';
import { variableName } from '@redcontrol/contract';

const secretWords = /(SECRET|PASSWORD|PASSWD|TOKEN|PRIVATE|CREDENTIAL|API_?KEY|ACCESS_?KEY|_KEY$|_DSN$|WEBHOOK)/i;

/** The variables of a .env file. `secret` is a guess by name, or by a password in a URL; the admin has the last word. */
export function parseVariables(text: string): { name: string; value: string; secret: boolean }[] {
  // Node gives them sorted by name; people look for them in the order of their file.
  const place = (name: string) => text.search(new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`, 'm'));
  return Object.entries(parseEnv(text))
    .filter(([name]) => variableName.safeParse(name).success)
    .sort(([one], [other]) => place(one) - place(other))
    .map(([name, value = '']) => ({ name, value, secret: secretWords.test(name) || /^[a-z+]+:\/\/[^/\s:@]*:[^/\s@]+@/i.test(value) }));
}
