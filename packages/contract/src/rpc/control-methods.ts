import * as z from 'zod';
import { frameworkNames, server as serverConfig } from '../config/project.ts';
import { repositoryUrl } from '../config/repository-url.ts';
import { errorCodes } from '../errors.ts';
import { event } from '../model/event.ts';
import { operation } from '../model/operation.ts';
import { roles } from '../model/person.ts';
import { variableName } from '../config/names.ts';
import { notifications } from './methods.ts';

/** Longest text of a configuration or draft, in characters; the daemon takes no more. */
const maxTextCharacters = 1_000_000;

/** Stands for the path of a project that has no file yet, where secrets are held. */
export const newProjectPath = 'new project';

const nothing = z.object({});
const text = z.string().max(maxTextCharacters);
const filePath = z.string().min(1).max(4096);
const timeMs = z.int();

export const controlError = z.object({
  code: z.enum(Object.keys(errorCodes) as [keyof typeof errorCodes]),
  message: z.string(),
  hint: z.string().optional(),
});

/** Where to log in: what the page calls a server. Its `id` is `host:port`. */
export const serverAddress = z.object({ host: serverConfig.shape.host, user: z.string().max(32).default('root'), port: z.int().min(1).max(65_535).default(22) });

/** connecting: the first attempt. unreachable: attempts go on. old: what is shown was true at `since`. */
export const linkStates = ['connecting', 'reachable', 'unreachable', 'not-installed', 'refused'] as const;

export const serverLink = z.object({
  id: z.string(),
  host: z.string(), user: z.string(), port: z.int(),
  /** Names that the configurations give it. */
  names: z.array(z.string()),
  state: z.enum(linkStates),
  /** When this state began. */
  since: timeMs,
  error: controlError.nullable(),
  daemonVersion: z.string().nullable(),
  /** Who the page is there. */
  person: z.string().nullable(),
  role: z.enum(roles).nullable(),
});

export const configPath = z.array(z.union([z.string(), z.int()])).max(16);

/** One change of a configuration: `value` is set at `path`, or with `remove` what is there goes. */
export const configEdit = z.object({ path: configPath, value: z.unknown().optional(), remove: z.boolean().optional() });

export const configProblem = z.object({
  /** Empty where the text is no YAML at all. */
  path: configPath,
  message: z.string(), hint: z.string().optional(), line: z.int(), column: z.int(),
});

/** A configuration as the page edits it. */
export const configDocument = z.object({
  text: z.string(),
  /** What the text says, without defaults; null when it is no YAML. */
  data: z.unknown(),
  problems: z.array(configProblem),
  /** What it asks for and this version does not do; empty while there are problems. */
  warnings: z.array(z.object({ path: configPath, text: z.string() })),
});

/** `revision` is the SHA-256 of the text: who writes names the one that was read. */
export const configFile = configDocument.extend({ path: z.string(), revision: z.string() });

export const openProject = z.object({
  path: z.string(),
  project: z.string().nullable(),
  repository: z.string().nullable(),
  servers: z.array(z.object({ name: z.string(), id: z.string() })),
  environments: z.array(z.string()),
  problems: z.int(),
  error: controlError.nullable(),
});

export const recipeSummary = z.object({
  framework: z.enum(frameworkNames),
  stages: z.object({ build: z.string().nullable(), migrate: z.string().nullable(), test: z.string().nullable() }),
  port: z.int(),
  healthPath: z.string(),
  notes: z.array(z.string()),
});

export const repositoryView = z.object({
  branches: z.array(z.object({ name: z.string(), commit: z.string() })),
  /** Newest first; `branches` are those that contain the tag's commit. */
  tags: z.array(z.object({ name: z.string(), commit: z.string(), branches: z.array(z.string()) })),
  defaultBranch: z.string().nullable(),
  detections: z.array(z.object({ framework: z.enum(frameworkNames), certainty: z.enum(['certain', 'likely', 'unsure']), reason: z.string() })),
  chosen: z.enum(frameworkNames).nullable(),
  recipe: recipeSummary.nullable(),
});

/** What files of other tools say, as keys of a configuration with their values. */
export const importedSetup = z.object({
  /** Those that were found. */
  files: z.array(z.string()),
  framework: z.enum(frameworkNames).nullable(),
  /** Of the whole file, of each environment, and of production alone. */
  sections: z.record(z.string(), z.unknown()),
  environment: z.record(z.string(), z.unknown()),
  production: z.record(z.string(), z.unknown()),
  /** Lines that have no counterpart, and why. */
  left: z.array(z.object({ file: z.string(), line: z.int(), what: z.string(), why: z.string() })),
});

export const serverFinding = z.object({ id: z.string(), level: z.enum(['ok', 'warn', 'fail']), text: z.string(), remedy: z.string().nullable() });

export const publicKey = z.object({ key: z.string(), type: z.string(), comment: z.string(), fingerprint: z.string(), file: z.string().nullable() });

export const secretValue = z.object({ environment: z.string().max(40), name: variableName, value: z.string().max(65_536) });

export const serverPlan = z.object({
  id: z.string(), name: z.string(),
  /** Why nothing can be planned there. */
  error: controlError.nullable(),
  operations: z.array(operation),
});

export const applyStep = z.object({
  id: z.string(), server: z.string(), description: z.string(),
  state: z.enum(['waiting', 'started', 'done', 'failed', 'skipped']),
  startedAt: timeMs.nullable(), finishedAt: timeMs.nullable(),
  /** How long it took the last times, in milliseconds; null where it was never done from here. */
  usualMs: z.number().nullable(),
  /** The end of what it said. */
  output: z.string(),
});

export const applyJob = z.object({
  id: z.int(), path: z.string(),
  state: z.enum(['running', 'succeeded', 'failed', 'cancelled']),
  startedAt: timeMs, finishedAt: timeMs.nullable(),
  steps: z.array(applyStep),
  error: controlError.nullable(),
});

const found = <P extends z.ZodType, R extends z.ZodType>(params: P, result: R) => ({ params, result });
const draftKey = z.object({ key: z.string().min(1).max(300) });
const job = z.object({ job: z.int() });

/** Methods of control that the page calls over its WebSocket. */
export const controlMethods = {
  'projects.list': found(nothing, z.array(openProject)),
  'projects.open': found(z.object({ path: filePath }), openProject),
  'projects.forget': found(z.object({ path: filePath }), nothing),
  /** Writes a new file; left out `folder`: a folder of its own beside the other projects. CONFLICT where one is. */
  'projects.create': found(z.object({ text, folder: filePath.optional() }), openProject),
  'config.read': found(z.object({ path: filePath }), configFile),
  /** CONFLICT when the file is not at `revision` any more. */
  'config.write': found(z.object({ path: filePath, revision: z.string(), text }), configFile),
  /** A text after edits, with its problems; writes nothing. */
  'config.compose': found(z.object({ text, edits: z.array(configEdit).max(1000) }), configDocument),
  'drafts.load': found(draftKey, z.object({ value: z.unknown(), savedAt: timeMs.nullable() })),
  'drafts.save': found(draftKey.extend({ value: z.unknown() }), nothing),
  'drafts.remove': found(draftKey, nothing),
  'repository.inspect': found(z.object({ repository: repositoryUrl, root: z.string().max(500).optional(), framework: z.enum(frameworkNames).optional() }), repositoryView),
  'repository.import': found(z.object({ repository: repositoryUrl, root: z.string().max(500).optional() }), importedSetup),
  'servers.list': found(nothing, z.array(serverLink)),
  'servers.add': found(serverAddress, serverLink),
  'servers.remove': found(z.object({ id: z.string() }), nothing),
  'server.fingerprint': found(serverAddress, z.object({ known: z.boolean(), keys: z.array(z.object({ type: z.string(), fingerprint: z.string() })) })),
  'server.trust': found(serverAddress.extend({ fingerprint: z.string().max(200) }), nothing),
  /** Forgets the host key by which this computer knows a server, e.g. after the server was set up anew. */
  'server.forget-key': found(serverAddress, nothing),
  'server.check': found(serverAddress.extend({ domains: z.array(z.string()).max(50).default([]) }), z.array(serverFinding)),
  /** For each server of a configuration the line that a developer connects with; null where this computer has not met it. */
  'people.invite': found(z.object({ path: filePath }), z.array(z.object({ server: z.string(), line: z.string().nullable() }))),
  'ssh.keys': found(nothing, z.array(publicKey)),
  /** Makes a key for this user where there is none yet; CONFLICT where one is. */
  'ssh.create-key': found(nothing, publicKey),
  /** The public keys in a text, one a line as in authorized_keys. CONFIG_INVALID names the wrong line. */
  'ssh.identify': found(z.object({ text: z.string().max(100_000) }), z.array(publicKey)),
  /** The variables of a .env file's text. */
  'variables.parse': found(z.object({ text: z.string().max(500_000) }), z.array(z.object({ name: z.string(), value: z.string(), secret: z.boolean() }))),
  /** Keeps values until the project is applied, in memory only; then they are sent and forgotten. */
  'secrets.hold': found(z.object({ path: filePath, values: z.array(secretValue).max(500) }), nothing),
  'secrets.held': found(z.object({ path: filePath }), z.array(z.object({ environment: z.string(), name: z.string() }))),
  'apply.plan': found(z.object({ path: filePath }), z.object({ servers: z.array(serverPlan) })),
  'apply.start': found(z.object({ path: filePath }), applyJob),
  'apply.show': found(job, applyJob),
  'apply.cancel': found(job, applyJob),
  'apply.list': found(nothing, z.array(applyJob)),
  /** Any method of a server's daemon, checked by the daemon's contract. `old`: the server is out of reach, this was its answer at `at`. */
  'daemon.call': found(z.object({ server: z.string(), method: z.string(), params: z.unknown() }), z.object({ result: z.unknown(), at: timeMs, old: z.boolean() })),
} as const;

/** Messages that control sends to the page on its own. */
export const controlNotifications = {
  'server.state': serverLink,
  'servers.changed': nothing,
  'daemon.event': z.object({ server: z.string(), event }),
  'daemon.log': z.object({ server: z.string(), log: notifications.log }),
  'config.changed': z.object({ path: z.string() }),
  'apply.changed': applyJob,
} as const;

export type ControlMethodName = keyof typeof controlMethods;
export type ControlParams<M extends ControlMethodName> = z.input<(typeof controlMethods)[M]['params']>;
export type ParsedControlParams<M extends ControlMethodName> = z.output<(typeof controlMethods)[M]['params']>;
export type ControlResult<M extends ControlMethodName> = z.output<(typeof controlMethods)[M]['result']>;
export type ControlNotificationName = keyof typeof controlNotifications;
export type ControlNotificationBody<N extends ControlNotificationName> = z.output<(typeof controlNotifications)[N]>;
export type ServerLink = z.infer<typeof serverLink>;
export type ServerAddress = z.infer<typeof serverAddress>;
export type ConfigEdit = z.infer<typeof configEdit>;
export type ConfigDocument = z.infer<typeof configDocument>;
export type ConfigFile = z.infer<typeof configFile>;
export type PlacedProblem = z.infer<typeof configProblem>;
export type OpenProject = z.infer<typeof openProject>;
export type RepositoryInspection = z.infer<typeof repositoryView>;
export type ImportedSetup = z.infer<typeof importedSetup>;
export type PublicKey = z.infer<typeof publicKey>;
export type ApplyJob = z.infer<typeof applyJob>;
export type ApplyStep = z.infer<typeof applyStep>;
export type ServerPlan = z.infer<typeof serverPlan>;
export type CheckedServer = z.infer<typeof serverFinding>;
export type SecretValue = z.infer<typeof secretValue>;
