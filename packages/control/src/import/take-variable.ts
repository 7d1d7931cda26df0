import { variableName } from '@redcontrol/contract';
import { given, looksSecret } from '../init/example-secrets.ts';
import { textOf } from './source-file.ts';
import { leave, type Take } from './take.ts';

export interface WrittenVariable {
  name: string;
  /** As the file has it; nothing: it comes from the environment of whoever starts the app. */
  value: unknown;
  line: number;
  /** The file says that it is a secret; left out: its name decides. */
  kind?: 'secret';
  /** Names by which the other tool's containers reach each other. */
  hosts?: ReadonlySet<string>;
}

/** Where a variable belongs: among the variables, among the secrets (by its name, without the value), or nowhere. */
export function takeVariable(take: Take, { name, value, line, kind, hosts }: WrittenVariable): void {
  if (!variableName.safeParse(name).success) return leave(take, line, `the variable ${JSON.stringify(name)}`, 'no variable can have this name');
  if (given.test(name)) return leave(take, line, `the variable ${name}`, 'RedControl sets it, or its counterpart, itself');
  const text = textOf(value);
  if (kind === 'secret' || looksSecret.test(name)) {
    take.secrets.add(name);
    if (text !== undefined && text !== '' && !text.includes('${')) leave(take, line, `the value of ${name}`, `it looks secret, so only the name is taken: redcontrol secret set ${name} -e ENVIRONMENT`);
    return;
  }
  if (text === undefined) return leave(take, line, `the variable ${name}`, value === null || value === undefined ? 'its value is not in the file: write it under "variables"' : 'its value is no text');
  const plain = withDefault(text);
  if (plain === undefined) return leave(take, line, `the variable ${name}`, `its value ${JSON.stringify(shown(text))} is put together elsewhere: write it under "variables", or name it under "secrets"`);
  if (hosts && namesHost(plain, hosts)) return leave(take, line, `the variable ${name}`, 'it names a container of before: of its database and Redis the app gets DATABASE_URL, DATABASE_HOST …, REDIS_URL, REDIS_HOST …');
  take.variables.set(name, plain);
}

/** The text with `$$` as "$"; `${X:-text}` alone is its default. Undefined where a part is filled in from outside, or by ERB. */
function withDefault(text: string): string | undefined {
  if (text.includes('<%')) return undefined;
  const preset = /^\$\{[A-Za-z_]\w{0,127}:?-([^${}]*)\}$/.exec(text)?.[1];
  if (preset !== undefined) return preset;
  return /(^|[^$])(\$\$)*\$[A-Za-z_{]/.test(text) ? undefined : text.replaceAll('$$', '$');
}

/** `db`, `db:5432`, `redis://redis:6379/0` or `postgres://user:word@db/shop`. */
function namesHost(text: string, hosts: ReadonlySet<string>): boolean {
  const host = /^(?:[a-z][a-z0-9+.-]{0,30}:\/\/(?:[^@/\s]{0,200}@)?)?([A-Za-z0-9_.-]{1,100})(?::\d{1,5})?(?:\/.*)?$/.exec(text)?.[1];
  return host !== undefined && hosts.has(host) && (text.includes('://') || text.includes(':') || text === host);
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
