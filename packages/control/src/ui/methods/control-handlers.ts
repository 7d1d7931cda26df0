import { isMethodName, methods, newProjectPath, RedControlError, type MethodName } from '@redcontrol/contract';
import { forgetHostKeys } from '@redcontrol/client/known-host-keys';
import { checkServer } from '../../install/index.ts';
import { applyProject, planProject } from '../apply/apply-project.ts';
import { readConfigFile, writeConfigFile } from '../config/config-files.ts';
import { composeConfig, describeConfig } from '../config/describe-config.ts';
import { parseVariables } from '../config/parse-variables.ts';
import { createOwnKey, ownPublicKeys, publicKeysIn } from '../keys/public-keys.ts';
import { importSetup } from '../repository/import-setup.ts';
import { inspectRepository } from '../repository/inspect-repository.ts';
import { inviteDevelopers } from '../people/invite-developers.ts';
import type { ControlHandlers } from '../rpc/page-connections.ts';
import { readFingerprints, trustHostKey } from '../servers/host-keys.ts';
import { serverId } from '../servers/server-links.ts';
import type { UiContext } from '../ui-context.ts';

/** What control does for each method of the page. */
export function controlHandlers(context: UiContext): ControlHandlers {
  return {
    ...projectHandlers(context),
    ...configHandlers(context),
    ...serverHandlers(context),
    ...applyHandlers(context),
    'people.invite': ({ path }, signal) => inviteDevelopers(context, path, signal),
    'ssh.keys': () => ownPublicKeys(),
    'ssh.create-key': () => createOwnKey(),
    'ssh.identify': ({ text }) => publicKeysIn(text),
    'daemon.call': ({ server, method, params }, signal) => {
      const name = knownMethod(method);
      const parsed = methods[name].params.safeParse(params ?? {});
      if (!parsed.success) throw new RedControlError('USAGE', `Expected ${parsed.error.issues[0]?.message} for ${name} at ${parsed.error.issues[0]?.path.join('.')}`);
      return context.servers.get(server).call(name, parsed.data as never, signal);
    },
  };
}

type Part<Names extends keyof ControlHandlers> = Pick<ControlHandlers, Names>;

function projectHandlers({ projects, drafts, secrets, refresh }: UiContext): Part<'projects.list' | 'projects.open' | 'projects.forget' | 'projects.create' | 'drafts.load' | 'drafts.save' | 'drafts.remove' | 'secrets.hold' | 'secrets.held'> {
  return {
    'projects.list': () => projects.list(),
    async 'projects.open'({ path }) {
      const opened = await projects.open(path);
      await refresh();
      return opened;
    },
    async 'projects.forget'({ path }) {
      await projects.forget(path);
      await refresh();
      return {};
    },
    async 'projects.create'({ text, folder }) {
      const created = await projects.create(text, folder);
      secrets.move(newProjectPath, created.path);
      await refresh();
      return created;
    },
    'drafts.load': ({ key }) => drafts.load(key),
    async 'drafts.save'({ key, value }) {
      await drafts.save(key, value);
      return {};
    },
    async 'drafts.remove'({ key }) {
      await drafts.remove(key);
      return {};
    },
    'secrets.hold'({ path, values }) {
      secrets.hold(path, values);
      return {};
    },
    'secrets.held': ({ path }) => secrets.names(path),
  };
}

function configHandlers(context: UiContext): Part<'config.read' | 'config.write' | 'config.compose' | 'variables.parse' | 'repository.inspect' | 'repository.import'> {
  const opened = (path: string) => {
    if (context.projects.paths().includes(path)) return path;
    throw new RedControlError('NOT_FOUND', `Expected a configuration that was opened, got ${path}`, { hint: 'Open it first.' });
  };
  return {
    'config.read': ({ path }) => readConfigFile(opened(path)),
    async 'config.write'({ path, revision, text }) {
      const written = await writeConfigFile(opened(path), { revision, text });
      await context.refresh();
      return written;
    },
    'config.compose': ({ text, edits }) => describeConfig(composeConfig(text, edits)),
    'variables.parse': ({ text }) => parseVariables(text),
    'repository.import': (params, signal) => importSetup(context.cacheFolder, params, signal),
    'repository.inspect': (params, signal) => inspectRepository(context.cacheFolder, params, signal),
  };
}

function serverHandlers({ servers, projects, install, refresh }: UiContext): Part<'servers.list' | 'servers.add' | 'servers.remove' | 'server.fingerprint' | 'server.trust' | 'server.forget-key' | 'server.check'> {
  return {
    'servers.list': () => servers.list(),
    async 'servers.add'(address) {
      await projects.addServer(address);
      await refresh();
      return servers.get(serverId(address)).link;
    },
    async 'servers.remove'({ id }) {
      await projects.removeServer(id);
      await refresh();
      return {};
    },
    'server.fingerprint': (address, signal) => readFingerprints(install.target(address), signal),
    async 'server.trust'(params, signal) {
      await trustHostKey(params, install.target(params), signal);
      const known = servers.list().find(({ id }) => id === serverId(params));
      if (known) servers.get(known.id).retry();
      return {};
    },
    async 'server.forget-key'(address, signal) {
      await forgetHostKeys(install.target(address), signal);
      return {};
    },
    'server.check': ({ domains, ...address }, signal) => checkServer(install.target(address), { domains, signal }),
  };
}

function applyHandlers(context: UiContext): Part<'apply.plan' | 'apply.start' | 'apply.show' | 'apply.cancel' | 'apply.list'> {
  const { jobs } = context;
  return {
    'apply.plan': ({ path }, signal) => planProject(context, path, signal),
    'apply.start': ({ path }) => jobs.start(path, (report, signal) => applyProject(context, { path, report, signal })),
    'apply.show': ({ job }) => jobs.show(job),
    'apply.cancel': ({ job }) => jobs.cancel(job),
    'apply.list': () => jobs.list(),
  };
}

function knownMethod(method: string): MethodName {
  if (isMethodName(method)) return method;
  throw new RedControlError('USAGE', `Expected a method of the daemon, got ${JSON.stringify(method.slice(0, 60))}`);
}
