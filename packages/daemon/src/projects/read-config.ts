import { checkConfig, configInvalid, configLimits, configOfServer, RedControlError, type ProjectConfig } from '@redcontrol/contract';
import { cronProblem } from '@redcontrol/system';
import { parse } from 'yaml';

/**
 * Configuration text as the daemon takes it: checked again here in the same way as by the sender, whatever it has checked.
 * Throws CONFIG_INVALID with all problems.
 */
export function readConfig(text: string): ProjectConfig {
  const verdict = checkConfig(parseYaml(text), { cronProblem });
  if (verdict.config) return verdict.config;
  throw configInvalid(verdict.problems);
}

/** The configuration with only the environments of one of its servers; of all without a name. Throws CONFIG_INVALID. */
export function readServerConfig(text: string, server: string | undefined): ProjectConfig {
  const config = readConfig(text);
  if (server === undefined) return config;
  if (config.servers[server]) return configOfServer(config, server);
  throw new RedControlError('CONFIG_INVALID', `Expected one of the servers ${Object.keys(config.servers).join(', ')}, got ${server}`);
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { version: '1.2', merge: true, maxAliasCount: configLimits.aliases });
  } catch (cause) {
    throw new RedControlError('CONFIG_INVALID', `Expected YAML, got ${(cause as Error).message.slice(0, 300)}`, { cause, hint: 'Run `redcontrol check` for line and column.' });
  }
}
