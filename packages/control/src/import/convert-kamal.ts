import { domain, host as hostSchema, name as nameSchema, RedControlError, repositoryPath, server } from '@redcontrol/contract';
import { countOf, sizeOf } from './amounts.ts';
import { takeVolume } from './compose/take-volumes.ts';
import { databaseImage, takeDatabase } from './database-image.ts';
import { isMapping, listOf, memberOf, membersOf, readSource, textOf, type Path, type SourceFile } from './source-file.ts';
import { leave, newTake, takeProcess, type Take } from './take.ts';
import { takeVariable } from './take-variable.ts';

const reasons: Record<string, string> = {
  image: 'RedControl builds the image on the server; it goes through no registry',
  registry: 'RedControl builds the image on the server; it goes through no registry',
  aliases: 'shell aliases of Kamal; see redcontrol app exec and redcontrol app shell',
  asset_path: '"assets" is not carried out yet: files of older versions are not kept',
  logging: 'logs are kept by RedControl',
  boot: 'a new version of web is proven first, then the others change over',
  primary_role: 'only the process web gets traffic',
  require_destination: 'destinations are "environments"',
  hooks_path: 'hooks are not run: write steps of "pipeline"',
  secrets_path: 'secrets are set with redcontrol secret set',
  error_pages_path: 'it has no counterpart yet',
};

/** What Kamal's config/deploy.yml says. Pure. Throws CONFIG_INVALID for what is no mapping, or a template that YAML cannot hold. */
export function convertKamal(text: string, file: string): Take {
  const source = readTemplate(text, file);
  if (!isMapping(source.data)) throw new RedControlError('CONFIG_INVALID', `Expected a mapping in ${file}, got something else`);
  const take = newTake(file);
  take.ownDockerfile = true;
  for (const [key, value] of membersOf(source.data)) {
    const line = source.lineOf([key]);
    switch (key) {
      case 'service': if (nameSchema.safeParse(value).success) take.project = String(value); else leave(take, line, 'service', 'it is no name for a project: redcontrol import --name'); break;
      case 'servers': takeServers(take, source, value); break;
      case 'proxy': takeProxy(take, source, value); break;
      case 'env': takeEnvironment(take, source, value); break;
      case 'volumes': for (const [index, volume] of listOf(value).entries()) takeMount(take, source.lineOf([key, index]), volume); break;
      case 'accessories': takeAccessories(take, source, value); break;
      case 'builder': takeBuilder(take, source, value); break;
      case 'ssh': takeSsh(take, source, value); break;
      case 'retain_containers': { const kept = countOf(value, 100); if (kept) take.keepReleases = kept; else leave(take, line, key, 'expected a number'); break; }
      default: leave(take, line, key, reasons[key] ?? 'it has no counterpart');
    }
  }
  return take;
}

function readTemplate(text: string, file: string): SourceFile {
  try {
    return readSource(text, file);
  } catch (error) {
    if (!text.includes('<%') || !(error instanceof RedControlError)) throw error;
    throw new RedControlError('CONFIG_INVALID', error.message, { cause: error, hint: 'ERB (<% … %>) is not run: write the values out in a copy, and name that.', ...(error.problems ? { problems: error.problems } : {}) });
  }
}

function takeServers(take: Take, source: SourceFile, servers: unknown): void {
  if (Array.isArray(servers)) return takeHosts(take, source, { path: ['servers'], hosts: servers });
  for (const [role, value] of membersOf(servers)) {
    const path: Path = ['servers', role];
    takeHosts(take, source, { path: Array.isArray(value) ? path : [...path, 'hosts'], hosts: listOf(Array.isArray(value) ? value : memberOf(value, 'hosts')) });
    const process = takeProcess(take, role, source.lineOf(path));
    if (!process) continue;
    for (const [key, setting] of Array.isArray(value) ? [] : membersOf(value)) {
      const line = source.lineOf([...path, key]);
      if (key === 'cmd' && textOf(setting)) process.run = textOf(setting)!;
      else if (key === 'options') {
        const memory = sizeOf(memberOf(setting, 'memory'));
        if (memory !== undefined) process.memory = memory;
        for (const [option] of membersOf(setting)) if (option !== 'memory' || memory === undefined) leave(take, line, `${role}.options.${option}`, 'options of docker run are not taken over');
      } else if (key !== 'hosts') leave(take, line, `${role}.${key}`, 'it has no counterpart for a single process');
    }
  }
}

/** RedControl deploys an environment to one server: the first that the file names. */
function takeHosts(take: Take, source: SourceFile, { path, hosts }: { path: Path; hosts: unknown[] }): void {
  for (const [index, entry] of hosts.entries()) {
    const host = textOf(isMapping(entry) ? Object.keys(entry)[0] : entry);
    if (host !== undefined && host === take.host) continue;
    if (host !== undefined && take.host === undefined && hostSchema.safeParse(host).success) take.host = host;
    else leave(take, source.lineOf([...path, index]), `the server ${host ?? ''}`, take.host === undefined ? 'it is no host: redcontrol import --host' : `one environment runs on one server, here ${take.host}`);
  }
}

function takeProxy(take: Take, source: SourceFile, proxy: unknown): void {
  const web = takeProcess(take, 'web', source.lineOf(['proxy']));
  for (const [key, value] of membersOf(proxy)) {
    const line = source.lineOf(['proxy', key]);
    const path = key === 'healthcheck' ? textOf(memberOf(value, 'path')) : undefined;
    const port = key === 'app_port' ? countOf(value, 65_535) : undefined;
    if (key === 'host' || key === 'hosts') {
      for (const name of listOf(value).flatMap((one) => (textOf(one) ?? '').split(','))) if (domain.safeParse(name.trim()).success) take.domains.push(name.trim()); else leave(take, line, `the domain ${name}`, 'expected a domain in lower case');
    } else if (key === 'ssl' && typeof value === 'boolean') { if (!value) take.https = 'off'; } 
    else if (port && web) web.port = port;
    else if (path !== undefined && /^\/\S*$/.test(path) && web) web.health = { path };
    else leave(take, line, `proxy.${key}`, 'it has no counterpart yet');
  }
}

function takeEnvironment(take: Take, source: SourceFile, env: unknown): void {
  const isSplit = ['clear', 'secret', 'tags'].some((key) => memberOf(env, key) !== undefined);
  const hosts = new Set(membersOf(memberOf(source.data, 'accessories')).map(([name]) => `${textOf(memberOf(source.data, 'service')) ?? ''}-${name}`));
  const clear: Path = isSplit ? ['env', 'clear'] : ['env'];
  for (const [name, value] of membersOf(isSplit ? memberOf(env, 'clear') : env)) takeVariable(take, { name, value, line: source.lineOf([...clear, name]), hosts });
  for (const [index, secret] of listOf(memberOf(env, 'secret')).entries()) {
    const [name = '', alias] = (textOf(secret) ?? '').split(':');
    const line = source.lineOf(['env', 'secret', index]);
    takeVariable(take, { name, value: undefined, line, kind: 'secret' });
    if (alias !== undefined) leave(take, line, `the other name ${alias}`, `the secret is called ${name} here`);
  }
  if (memberOf(env, 'tags') !== undefined) leave(take, source.lineOf(['env', 'tags']), 'env.tags', 'one environment runs on one server');
}

function takeMount(take: Take, line: number, volume: unknown): void {
  const [from = '', target = ''] = (textOf(volume) ?? '').split(':');
  const shown = `the volume ${from}:${target}`;
  if (/^[./~$]/.test(from) || from === '') return leave(take, line, shown, 'a folder of the host: data belong on one of the "volumes"');
  takeVolume(take, { source: from, target, shown, line });
}

function takeAccessories(take: Take, source: SourceFile, accessories: unknown): void {
  for (const [name, value] of membersOf(accessories)) {
    const line = source.lineOf(['accessories', name]);
    const image = textOf(memberOf(value, 'image')) ?? '';
    const database = databaseImage(image);
    if (database && takeDatabase(take, database)) leave(take, line, `the data of ${name}`, 'they are not copied, and its other settings are not taken: dump them there, load them here');
    else leave(take, line, `the accessory ${name}`, database ? 'an environment has one database and one Redis' : `RedControl runs no foreign images beside the app (${image.slice(0, 60)})`);
  }
}

function takeBuilder(take: Take, source: SourceFile, builder: unknown): void {
  for (const [key, value] of membersOf(builder)) {
    const line = source.lineOf(['builder', key]);
    if (key === 'dockerfile' && repositoryPath.safeParse(value).success) take.dockerfile = String(value);
    else if (key === 'args') for (const [name, written] of membersOf(value)) takeVariable({ ...take, variables: take.buildArguments, secrets: take.buildSecrets }, { name, value: written, line });
    else if (key === 'secrets') for (const name of listOf(value)) takeVariable({ ...take, secrets: take.buildSecrets }, { name: textOf(name) ?? '', value: undefined, line, kind: 'secret' });
    else if (key !== 'context' || value !== '.') leave(take, line, `builder.${key}`, 'the image is built on the server, for that server');
  }
}

function takeSsh(take: Take, source: SourceFile, ssh: unknown): void {
  for (const [key, value] of membersOf(ssh)) {
    const port = key === 'port' ? countOf(value, 65_535) : undefined;
    if (key === 'user' && server.shape.user.safeParse(value).success) take.user = String(value);
    else if (port) take.port = port;
    else leave(take, source.lineOf(['ssh', key]), `ssh.${key}`, 'SSH is your own: write it into ~/.ssh/config');
  }
}
