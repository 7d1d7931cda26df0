import { configLimits, RedControlError } from '@redcontrol/contract';
import { parse } from 'yaml';

/** The data of a YAML text, as every configuration is read here. Throws CONFIG_INVALID; `what` says in its message what the text is. */
export function parseYaml(text: string, { what = 'YAML', hint }: { what?: string; hint?: string } = {}): unknown {
  try {
    return parse(text, { version: '1.2', merge: true, maxAliasCount: configLimits.aliases });
  } catch (cause) {
    throw new RedControlError('CONFIG_INVALID', `Expected ${what}, got ${(cause as Error).message.slice(0, 300)}`, { cause, ...(hint === undefined ? {} : { hint }) });
  }
}
