import * as z from 'zod';
import { host, name, refPattern, variableName } from './names.ts';
import { text } from './text.ts';

/** What a channel can tell. All but `passed` where a channel names none. */
export const newsKinds = [
  'passed', 'failed', 'recovered', 'deployed', 'rolled-back', 'waiting', 'down', 'up', 'job-failed', 'job-missed', 'job-recovered', 'backup-failed', 'crash-loop', 'crash-loop-over', 'alert', 'alert-over',
  'source-unreachable', 'certificate-failed',
] as const;
export const channelLanguages = ['en', 'ru'] as const;

/** Kinds that tell people; the other kinds write the status of a commit at a git host. */
export const messageKinds = ['telegram', 'slack', 'mattermost', 'email', 'webhook'] as const;
export const statusKinds = ['github', 'gitlab', 'gitea', 'forgejo'] as const;

const webUrl = text(/^https?:\/\/(?![^/?#]*@)[^\s/?#][^\s#]*$/, 'a URL such as https://example.com/path, without a name and password in it');
const mailAddress = text(/^[^\s<>@,;:"\\]{1,64}@[^\s<>@,;:"\\]{1,255}$/, 'an e-mail address such as team@example.com');
const secretName = variableName.describe('Name of the secret; its value is set with `redcontrol secret set NAME --channels`.');

const common = {
  environments: z.array(name).min(1).optional().describe('Only what concerns these; left out: all, and also runs that deploy nowhere.'),
  branches: z.array(refPattern).min(1).optional().describe('Only runs of branches and tags of these names or patterns; left out: all.'),
  language: z.enum(channelLanguages).default('en'),
};

const news = {
  ...common,
  events: z.array(z.enum(newsKinds)).min(1).default(newsKinds.filter((kind) => kind !== 'passed')),
};

const telegram = z.strictObject({
  kind: z.literal('telegram'),
  chat: z.union([z.int(), text(/^(?:-?\d{1,20}|@[A-Za-z][A-Za-z0-9_]{3,31})$/, 'a chat number such as "-1001234567890", or a name such as "@team"')]).transform(String),
  thread: z.int().min(1).optional().describe('Topic of a group that has topics.'),
  api: webUrl.optional().describe('A Bot API server of your own; left out: https://api.telegram.org.'),
  secret: secretName,
  ...news,
});

const slack = z.strictObject({ kind: z.literal('slack'), secret: secretName, ...news });

const mattermost = z.strictObject({ kind: z.literal('mattermost'), secret: secretName, ...news });

const email = z.strictObject({
  kind: z.literal('email'),
  host,
  port: z.int().min(1).max(65_535).default(587),
  security: z.enum(['starttls', 'tls', 'none']).optional().describe('Left out: tls on port 465, else starttls.'),
  user: z.string().min(1).max(255).optional().describe('Left out: no login.'),
  secret: secretName.optional(),
  from: mailAddress,
  to: z.array(mailAddress).min(1).max(50),
  ...news,
});

const webhook = z.strictObject({ kind: z.literal('webhook'), url: webUrl, secret: secretName, ...news });

const hostStatus = {
  api: webUrl.optional().describe('Base URL of the host\'s API; left out: made from the repository\'s URL.'),
  repository: text(/^[A-Za-z0-9_.~-]+(?:\/[A-Za-z0-9_.~-]+)+$/, 'a repository such as acme/shop').optional().describe('Left out: that of the repository\'s URL.'),
  secret: secretName,
  ...common,
};

const github = z.strictObject({ kind: z.literal('github'), ...hostStatus });
const gitlab = z.strictObject({ kind: z.literal('gitlab'), ...hostStatus });
const gitea = z.strictObject({ kind: z.literal('gitea'), ...hostStatus });
const forgejo = z.strictObject({ kind: z.literal('forgejo'), ...hostStatus });

/** Where news of the project go, or the states of its commits. The secret is never part of it: only its name. */
export const channel = z.discriminatedUnion('kind', [telegram, slack, mattermost, email, webhook, github, gitlab, gitea, forgejo]);

export type ChannelConfig = z.infer<typeof channel>;
export type ChannelKind = ChannelConfig['kind'];
export type MessageChannelConfig = Extract<ChannelConfig, { events: unknown }>;
export type StatusChannelConfig = Exclude<ChannelConfig, MessageChannelConfig>;
export type NewsKind = (typeof newsKinds)[number];
export type ChannelLanguage = (typeof channelLanguages)[number];

export function isStatusChannel(config: ChannelConfig): config is StatusChannelConfig {
  return !('events' in config);
}
