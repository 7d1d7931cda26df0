import { join, resolve } from 'node:path';
import * as z from 'zod';
import { asRedControlError, RedControlError, server, serverAddress, type OpenProject, type ServerAddress } from '@redcontrol/contract';
import { readIfExists, writeFileAtomic } from '@redcontrol/system';
import { readConfigFile } from '../config/config-files.ts';
import { describeConfig } from '../config/describe-config.ts';
import { serverId, type WantedServer } from '../servers/server-links.ts';

const maxProjects = 200;
const remembered = z.object({ projects: z.array(z.string()).max(maxProjects).default([]), servers: z.array(serverAddress).max(maxProjects).default([]) });

export interface ProjectList {
  paths(): string[];
  /** Each opened configuration, also one that cannot be read (with its error). */
  list(): Promise<OpenProject[]>;
  open(path: string): Promise<OpenProject>;
  forget(path: string): Promise<void>;
  create(text: string, folder?: string): Promise<OpenProject>;
  addServer(address: ServerAddress): Promise<void>;
  removeServer(id: string): Promise<void>;
  /** Servers of all configurations, and those that were added by hand. */
  servers(): Promise<WantedServer[]>;
}

/** What the admin has opened, remembered in control's folder. */
export async function openProjectList(folder: string): Promise<ProjectList> {
  const file = join(folder, 'projects.json');
  const state = parse(await readIfExists(file));
  const save = () => writeFileAtomic(file, `${JSON.stringify(state, null, 2)}\n`);
  const open = async (given: string): Promise<OpenProject> => {
    const path = resolve(given);
    const config = await readConfigFile(path);
    if (!state.projects.includes(path)) {
      if (state.projects.length >= maxProjects) throw new RedControlError('LIMIT_REACHED', `Expected at most ${maxProjects} projects, got one more`);
      state.projects.push(path);
      await save();
    }
    return summary(path, config.data, config.problems.length);
  };
  return {
    paths: () => [...state.projects],
    list: () => Promise.all(state.projects.map(describe)),
    open,
    async forget(path) {
      state.projects = state.projects.filter((known) => known !== path);
      await save();
    },
    async create(text, chosen) {
      const path = await placeOf(text, { folder, chosen });
      await writeFileAtomic(path, text, 0o644);
      return open(path);
    },
    async addServer(address) {
      state.servers = [...state.servers.filter((known) => serverId(known) !== serverId(address)), address];
      await save();
    },
    async removeServer(id) {
      state.servers = state.servers.filter((known) => serverId(known) !== id);
      await save();
    },
    async servers() {
      const all = await Promise.all(state.projects.map((path) => serversOf(path)));
      return [...all.flat(), ...state.servers.map((address) => ({ address, names: [] }))];
    },
  };
}

async function placeOf(text: string, { folder, chosen }: { folder: string; chosen: string | undefined }): Promise<string> {
  const name = (describeConfig(text).data as { project?: unknown } | null)?.project;
  if (typeof name !== 'string' || !/^[a-z][a-z0-9-]*$/.test(name)) throw new RedControlError('CONFIG_INVALID', 'Expected the project to have a name, got none');
  const path = join(chosen === undefined ? join(folder, 'projects', name) : resolve(chosen), 'redcontrol.yml');
  if ((await readIfExists(path)) !== undefined) {
    throw new RedControlError('CONFLICT', `Expected no configuration at ${path} yet, got one`, { hint: 'Open it instead, or give the project another name.' });
  }
  return path;
}

async function describe(path: string): Promise<OpenProject> {
  try {
    const config = await readConfigFile(path);
    return summary(path, config.data, config.problems.length);
  } catch (thrown) {
    const error = asRedControlError(thrown);
    return { path, project: null, repository: null, servers: [], environments: [], problems: 0, error: { code: error.code, message: error.message, ...(error.hint ? { hint: error.hint } : {}) } };
  }
}

function summary(path: string, data: unknown, problems: number): OpenProject {
  const config = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>;
  const textOf = (value: unknown) => (typeof value === 'string' ? value : null);
  return {
    path, project: textOf(config.project), repository: textOf(config.repository), problems, error: null,
    servers: namedServers(config.servers).map(({ name, address }) => ({ name, id: serverId(address) })),
    environments: typeof config.environments === 'object' && config.environments !== null ? Object.keys(config.environments) : [],
  };
}

async function serversOf(path: string): Promise<WantedServer[]> {
  const config = await readConfigFile(path).catch(() => undefined);
  return namedServers((config?.data as { servers?: unknown } | null | undefined)?.servers).map(({ name, address }) => ({ address, names: [name] }));
}

function namedServers(value: unknown): { name: string; address: ServerAddress }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => {
    const parsed = server.safeParse(one);
    return parsed.success ? [{ name, address: parsed.data }] : [];
  });
}

function parse(text: string | undefined): z.output<typeof remembered> {
  if (text === undefined) return remembered.parse({});
  try {
    return remembered.parse(JSON.parse(text));
  } catch (cause) {
    throw new RedControlError('CONFIG_INVALID', 'Expected the list of opened projects (projects.json) as it was written, got another form', { cause, hint: 'Remove the file: the projects themselves are not in it.' });
  }
}
