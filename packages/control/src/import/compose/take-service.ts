import { quoteForShell } from '@redcontrol/system';
import { countOf, durationOf, sizeOf } from '../amounts.ts';
import { listOf, memberOf, membersOf, textOf, type Path, type SourceFile } from '../source-file.ts';
import { leave, type Take, type TakenProcess } from '../take.ts';
import { takeVariable } from '../take-variable.ts';
import { pairsOf } from './take-build.ts';
import { takeHealthcheck, takeLabels, takePorts } from './take-traffic.ts';
import { takeVolumes } from './take-volumes.ts';

export interface ServicePlace {
  name: string;
  isWeb: boolean;
  process: TakenProcess;
  /** All services, by whose names containers reached each other. */
  hosts: ReadonlySet<string>;
}

/** Done by RedControl anyway, or only of use to whoever works on the app. */
const harmless = new Set(['build', 'image', 'restart', 'depends_on', 'container_name', 'expose', 'tty', 'stdin_open', 'pull_policy', 'links', 'init', 'command', 'entrypoint']);
const reasons: Record<string, string> = {
  env_file: 'files of variables are not read: write them under "variables", secret ones by redcontrol secret set',
  networks: 'each environment has one network of its own',
  profiles: 'the process always runs',
  extends: 'other files are not read: what the service takes from there is missing',
  user: 'the app runs as the image\'s user',
  secrets: 'write them under "secrets": the app gets them as variables, not as files',
  network_mode: 'the app never gets the network of the host',
  privileged: 'the app never gets rights over the host',
  logging: 'logs are kept by RedControl',
};

/** One service of the app as a process. */
export function takeService(take: Take, source: SourceFile, place: ServicePlace): void {
  const { name, process, hosts } = place;
  const at: Path = ['services', name];
  const service = memberOf(source.data, 'services', name);
  const run = commandOf(service);
  if (run !== undefined) process.run = run;
  for (const [key, value] of membersOf(service)) {
    const path = [...at, key];
    const line = source.lineOf(path);
    const missing = () => leave(take, line, `${name}.${key}`, reasons[key] ?? 'it has no counterpart');
    switch (key) {
      case 'environment': for (const [variable, written] of pairsOf(value)) takeVariable(take, { name: variable, value: written, line: Array.isArray(value) ? line : source.lineOf([...path, variable]), hosts }); break;
      case 'ports': takePorts(take, place, { value, line }); break;
      case 'volumes': for (const [index, volume] of listOf(value).entries()) takeVolumes(take, { name, volume, line: source.lineOf([...path, index]) }); break;
      case 'healthcheck': takeHealthcheck(take, place, { value, line }); break;
      case 'labels': takeLabels(take, place, { value, line }); break;
      case 'stop_signal': if (/^SIG(TERM|INT|QUIT|HUP)$/.test(textOf(value) ?? '')) process.stopSignal = textOf(value)!; else missing(); break;
      case 'stop_grace_period': setOr(process, { stopTime: durationOf(value) }, missing); break;
      case 'scale': setOr(process, { instances: countOf(value, 100) }, missing); break;
      case 'mem_limit': setOr(process, { memory: sizeOf(value) }, missing); break;
      case 'cpus': setOr(process, { cpus: processorsOf(value) }, missing); break;
      case 'deploy': takeDeploy(take, source, { path, value, place }); break;
      default: if (!harmless.has(key)) missing();
    }
  }
}

/** The command of a service as shell text, its entrypoint before it; undefined: the image's own. */
export function commandOf(service: unknown): string | undefined {
  const parts = [memberOf(service, 'entrypoint'), memberOf(service, 'command')].map(shellText).filter((text) => text !== undefined);
  return parts.length === 0 ? undefined : parts.join(' ');
}

function shellText(value: unknown): string | undefined {
  const text = Array.isArray(value) ? value.map((word) => quoted(textOf(word) ?? '')).join(' ') : textOf(value)?.trim();
  return text === undefined || text === '' || text.includes('\0') ? undefined : text.replaceAll('$$', '$');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : quoteForShell(word);
}

function takeDeploy(take: Take, source: SourceFile, { path, value, place: { name, process } }: { path: Path; value: unknown; place: ServicePlace }): void {
  for (const [key, setting] of membersOf(value)) {
    const missing = () => leave(take, source.lineOf([...path, key]), `${name}.deploy.${key}`, 'it has no counterpart');
    if (key === 'replicas') setOr(process, { instances: countOf(setting, 100) }, missing);
    else if (key !== 'resources') { if (key !== 'restart_policy') missing(); }
    else for (const [limit, most] of membersOf(memberOf(setting, 'limits'))) setOr(process, limit === 'memory' ? { memory: sizeOf(most) } : { cpus: limit === 'cpus' ? processorsOf(most) : undefined }, missing);
  }
}

function processorsOf(value: unknown): number | undefined {
  const number = Number(textOf(value) ?? Number.NaN);
  return number > 0 && number <= 256 ? number : undefined;
}

/** Sets what was understood, or says that it was not. */
export function setOr(process: TakenProcess, found: { [Key in keyof TakenProcess]?: TakenProcess[Key] | undefined }, missing: () => void): void {
  if (Object.values(found).some((value) => value === undefined)) missing();
  else Object.assign(process, found);
}
