import { isStatusChannel, type ChannelConfig } from '../channel.ts';
import { gitHostOf } from '../git-host.ts';
import { showValue, type ConfigProblem } from '../problem.ts';
import type { ProjectConfig } from '../project.ts';

/** A password may go unencrypted only to the machine itself. */
const ownHosts = ['localhost', '127.0.0.1', '::1', '[::1]'];

/** Channels that could not send, or that would never be told anything. */
export function channelProblems(config: ProjectConfig): ConfigProblem[] {
  return Object.entries(config.channels).flatMap(([name, channel]) => {
    const path = ['channels', name];
    return [
      ...environmentProblems(config, channel, path),
      ...(channel.kind === 'email' ? loginProblems(channel, path) : []),
      ...(isStatusChannel(channel) ? hostProblems(config, channel, path) : []),
    ];
  });
}

function environmentProblems(config: ProjectConfig, { environments = [] }: ChannelConfig, path: string[]): ConfigProblem[] {
  const known = Object.keys(config.environments);
  return environments.flatMap((environment, index) => (known.includes(environment)
    ? []
    : [{ path: [...path, 'environments', index], about: 'value' as const, expected: `one of the environments ${known.join(', ')}`, got: showValue(environment), misspelled: { word: environment, candidates: known } }]));
}

function loginProblems(channel: Extract<ChannelConfig, { kind: 'email' }>, path: string[]): ConfigProblem[] {
  if (channel.user !== undefined && channel.secret === undefined) return [{ path, about: 'key', expected: '"secret:" with the name of the secret that holds the password', got: `the user ${showValue(channel.user)} without one` }];
  if (channel.user === undefined && channel.secret !== undefined) return [{ path, about: 'key', expected: '"user:" beside the password', got: `the secret ${showValue(channel.secret)} without one` }];
  if (channel.user !== undefined && channel.security === 'none' && !ownHosts.includes(channel.host)) {
    return [{ path: [...path, 'security'], about: 'value', expected: 'starttls or tls where a password is sent', got: '"none"' }];
  }
  return [];
}

function hostProblems(config: ProjectConfig, channel: Extract<ChannelConfig, { api?: string; repository?: string }>, path: string[]): ConfigProblem[] {
  if (channel.kind === 'telegram' || (channel.api !== undefined && channel.repository !== undefined)) return [];
  const found = gitHostOf(config.repository);
  if (found) return [];
  const missing = channel.api === undefined ? 'api' : 'repository';
  return [{ path, about: 'key', expected: `"${missing}:", which cannot be made from the repository's URL`, got: showValue(config.repository) }];
}
