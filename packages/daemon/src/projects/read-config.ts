import { checkConfig, configInvalid, configOfServer, RedControlError, type ProjectConfig } from '@redcontrol/contract';
import { cronProblem } from '@redcontrol/system';
import { parseYaml } from '../parse-yaml.ts';

/**
 * Configuration text as the daemon takes it: checked again here in the same way as by the sender, whatever it has checked.
 * Throws CONFIG_INVALID with all problems.
 */
export function readConfig(text: string): ProjectConfig {
  const verdict = checkConfig(parseYaml(text, { hint: 'Run `redcontrol check` for line and column.' }), { cronProblem });
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
