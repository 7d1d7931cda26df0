import { projectConfig, RedControlError, type ProjectConfig } from '@redcontrol/contract';
import { parse } from 'yaml';

const maxAliases = 50;

/** Configuration text as the daemon takes it: checked again here, whatever the sender has checked. Throws CONFIG_INVALID. */
export function readConfig(text: string): ProjectConfig {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: maxAliases });
  } catch (cause) {
    throw new RedControlError('CONFIG_INVALID', `Expected YAML, got ${(cause as Error).message}`, { cause, hint: 'Run `redcontrol check`.' });
  }
  const parsed = projectConfig.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  throw new RedControlError('CONFIG_INVALID', problems.join('; '), { hint: 'Run `redcontrol check` for line and column of each.' });
}
