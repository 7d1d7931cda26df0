import { readdir } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { quoteForShell, readIfExists, runToEnd } from '@redcontrol/system';

const maxKeys = 20;

/** The line that gives an admin all that is needed to let this person in; undefined when there is no key on this machine. */
export async function accessRequest(options: { identityFile?: string | undefined; name: string | undefined; variables: Record<string, string | undefined> }): Promise<string | undefined> {
  const [key] = options.identityFile ? await keysOfFile(options.identityFile) : await keysOfUser(options.variables);
  if (key === undefined) return undefined;
  const name = options.name || userInfo().username;
  return `echo ${quoteForShell(key)} | redcontrol people add ${quoteForShell(name)}`;
}

async function keysOfUser(variables: Record<string, string | undefined>): Promise<string[]> {
  const folder = join(variables.HOME || homedir(), '.ssh');
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^id_.*\.pub$/.test(name)).sort(ed25519First);
  const inFiles = (await Promise.all(names.slice(0, maxKeys).map((name) => keysOfFile(join(folder, name))))).flat();
  if (inFiles.length > 0) return inFiles;
  const agent = await runToEnd('ssh-add', ['-L'], { timeoutMs: 5_000, variables: definedOnly(variables) }).catch(() => undefined);
  return agent?.exitCode === 0 ? publicKeys(agent.stdout) : [];
}

async function keysOfFile(path: string): Promise<string[]> {
  return publicKeys((await readIfExists(path.endsWith('.pub') ? path : `${path}.pub`).catch(() => undefined)) ?? '');
}

function publicKeys(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter((line) => /^(ssh|ecdsa|sk)-\S+ [A-Za-z0-9+/=]+/.test(line));
}

function ed25519First(a: string, b: string): number {
  return Number(b.includes('ed25519')) - Number(a.includes('ed25519')) || a.localeCompare(b);
}

function definedOnly(variables: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
