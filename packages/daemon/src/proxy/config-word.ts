import { RedControlError } from '@redcontrol/contract';

/** One word for HAProxy's file in strong quotes, in which nothing is special. Throws PROXY_FAILED for control characters. */
export function configWord(text: string): string {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(text)) throw new RedControlError('PROXY_FAILED', `Expected a value without control characters for HAProxy, got ${JSON.stringify(text)}`);
  if (/^[A-Za-z0-9_./:@*=,+-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
