import * as z from 'zod';
import { text } from './text.ts';
import { parseDurationMs } from './units.ts';

const share = text(/^(?:off|100%|\d{1,2}(?:\.\d{1,2})?%)$/, 'a share such as 5%, or off');
const time = text(/^(?:off|\d+(?:\.\d+)?(?:ms|s|m|h|d))$/, 'a duration such as 14d, or off');

/** From where on people are told. */
export const alerts = z.strictObject({
  errors: share.default('5%').describe('Share of answers of 500 and above over five minutes, of at least 20.'),
  memory: share.default('90%').describe('Share of its limit that a process takes for two minutes.'),
  disk: share.default('90%').describe('Share of a disk of the server that is used.'),
  certificate: time.default('14d').describe('How long before its end a certificate that was not renewed is told.'),
});

/** The same for one environment; what is left out is as for all. The disk is the server's. */
export const environmentAlerts = z.strictObject({ errors: share.optional(), memory: share.optional(), certificate: time.optional() });

/** Limits as numbers: shares from 0 to 1; left out where they are off. */
export interface AlertLimits {
  errors?: number;
  memory?: number;
  disk?: number;
  certificateMs?: number;
}

/** Limits of an environment; of the whole project without one. Configurations from before have none: then the defaults. */
export function alertLimits(config: { alerts?: AlertsConfig | undefined; environments: Record<string, { alerts?: Partial<AlertsConfig> | undefined }> }, environment?: string): AlertLimits {
  const own = environment === undefined ? undefined : config.environments[environment]?.alerts;
  const { errors, memory, disk, certificate } = alerts.parse({ ...config.alerts, ...own });
  const limits = { errors: shareOf(errors), memory: shareOf(memory), disk: shareOf(disk), certificateMs: certificate === 'off' ? undefined : parseDurationMs(certificate) };
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined));
}

function shareOf(text: string): number | undefined {
  return text === 'off' ? undefined : Number(text.slice(0, -1)) / 100;
}

export type AlertsConfig = z.infer<typeof alerts>;
