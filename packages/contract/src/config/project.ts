import * as z from 'zod';
import { duration, size } from './units.ts';
import { containerPath, domain, host, name, refPattern, repositoryPath, urlPath, variableName, variables } from './names.ts';
import { alerts } from './alerts.ts';
import { channel } from './channel.ts';
import { environment } from './environment.ts';
import { isolation, limits, pipeline } from './pipeline.ts';
import { appProcess, job } from './process.ts';
import { repositoryUrl } from './repository-url.ts';
import { text } from './text.ts';

export const frameworkNames = [
  'node', 'nextjs', 'vite', 'django', 'flask', 'fastapi', 'go', 'rust', 'spring-boot', 'laravel', 'symfony', 'rails', 'dockerfile',
] as const;

export const server = z.strictObject({
  host,
  user: text(/^[a-z_][a-z0-9_-]{0,31}$/, 'a Linux user name').default('root'),
  port: z.int().min(1).max(65_535).default(22),
});

export const person = z.strictObject({
  name: text(/^[^\n\r\0]{1,80}$/, 'a name of one line, at most 80 characters'),
  key: text(/^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com) [A-Za-z0-9+/]+={0,3}( [^\n\r]*)?$/, 'a public SSH key: its type, then its base64, e.g. "ssh-ed25519 AAAA…"'),
  role: z.enum(['admin', 'developer', 'viewer']),
});

export const images = z.strictObject({
  source: z.enum(['auto', 'hub', 'debian']).default('auto').describe('hub: official images; debian: built on the server from Debian\'s packages.'),
  mirror: z.string().optional().describe('Registry that mirrors Docker Hub, e.g. registry.example.com.'),
});

export const keep = z.strictObject({
  releases: z.int().min(1).max(100).default(5),
  runs: z.int().min(10).max(100_000).default(500),
  logs: duration.default('90d'),
  jobRuns: z.int().min(1).max(10_000).default(100).describe('Ends and logs of each job in each environment.'),
  cache: size.default('5G'),
  assets: duration.default('1d').describe('How long files of `assets` of a replaced release are still served.'),
});

export const source = z.strictObject({
  poll: duration.default('15s').describe('How often the repository is looked at.'),
  branches: z.array(refPattern).default(['**']).describe('Branches whose pushes run the pipeline.'),
  cancelRunning: z.boolean().default(false).describe('A newer commit of a branch also stops the run of the older one.'),
});

export const build = z.strictObject({
  dockerfile: repositoryPath.optional(),
  arguments: variables.default({}),
  secrets: z.array(variableName).default([]).describe('Given to the build as BuildKit secrets, never in a layer.'),
});

export const app = z.strictObject({
  root: repositoryPath,
  framework: z.enum(frameworkNames).optional(),
  pipeline: pipeline.optional(),
  processes: z.record(name, appProcess).optional(),
  build: build.optional(),
  domain: z.union([domain, z.array(domain)]).optional(),
  path: urlPath.optional(),
  watch: z.union([z.literal('always'), z.array(repositoryPath).min(1).max(100)]).optional().describe('Files that concern this app; left out: its root.'),
  assets: z.array(repositoryPath).optional(),
});

/** The whole `redcontrol.yml`. */
export const projectConfig = z.strictObject({
  project: name,
  repository: repositoryUrl,
  framework: z.enum(frameworkNames).optional().describe('Left out: detected.'),
  root: repositoryPath.optional().describe('Folder of the app in the repository.'),
  isolation: isolation.default('container'),
  images: images.prefault({}),
  servers: z.record(name, server).refine((all) => Object.keys(all).length > 0, { error: 'at least one server' }),
  pipeline: pipeline.default(['build', 'migrate', 'test']),
  environments: z.record(name, environment).refine((all) => Object.keys(all).length > 0, { error: 'at least one environment' }),
  processes: z.record(name, appProcess).default({}),
  jobs: z.record(name, job).default({}),
  volumes: z.record(name, containerPath).default({}),
  assets: z.array(repositoryPath).max(20).default([]).describe('Folders of files with a hash in their name: those of replaced releases are still served for a time.'),
  apps: z.record(name, app).optional(),
  build: build.prefault({}),
  people: z.array(person).default([]),
  channels: z.record(name, channel).refine((all) => Object.keys(all).length <= 20, { error: 'at most 20 channels' }).default({}).describe('Where news go: chats, mail, webhooks, commit statuses.'),
  alerts: alerts.prefault({}).describe('From where on people are told that something is wrong.'),
  limits: limits.prefault({}),
  keep: keep.prefault({}),
  source: source.prefault({}),
  repositoryPipeline: z.boolean().default(false).describe('Whether a redcontrol.yml in the repository may change the pipeline.'),
  strangers: z.strictObject({ branches: z.array(refPattern), isolation }).optional(),
});

export type ProjectConfig = z.infer<typeof projectConfig>;
export type ServerConfig = z.infer<typeof server>;
export type Person = z.infer<typeof person>;
export type Framework = (typeof frameworkNames)[number];
