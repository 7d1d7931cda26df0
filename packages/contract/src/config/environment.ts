import * as z from 'zod';
import { duration, size } from './units.ts';
import { domain, name, network, processName, refPattern, urlPath, variableName, variables, version } from './names.ts';
import { environmentAlerts } from './alerts.ts';
import { database } from './database.ts';
import { isolation } from './pipeline.ts';
import { preview } from './preview.ts';

export const deployRule = z
  .strictObject({
    branch: refPattern.describe('Which branch deploys here.'),
    tag: refPattern.optional().describe('If given: only a matching tag whose commit is on that branch deploys.'),
  })
  .describe('Which pushes deploy to this environment.');

export const redirect = z.union([
  domain,
  z.strictObject({
    to: domain,
    status: z.union([z.literal(301), z.literal(308)]).default(308).describe('308 keeps the method of the request.'),
  }),
]);

export const traffic = z.strictObject({
  redirects: z.record(domain, redirect).default({}).describe('From one domain to another, e.g. www to the bare one; path and query are kept.'),
  path: urlPath.optional(),
  bodySize: size.optional(),
  timeout: duration.optional(),
  compression: z.boolean().default(true),
  basicAuth: z.record(z.string().min(1), variableName).optional().describe('User name to the name of the secret with its password.'),
  allow: z.array(network).optional().describe('Addresses or networks that may connect.'),
  requestLog: z.enum(['off', 'paths', 'full']).default('paths'),
});

export const environment = z.strictObject({
  server: z.union([name, z.array(name).min(1)]).optional().describe('Left out: the only server.'),
  deploy: deployRule,
  domain: z.union([domain, z.array(domain).min(1)]).optional().describe('Left out: the server\'s IP and a port.'),
  port: z.int().min(1).max(65_535).optional().describe('Port without a domain; left out: the first free from 8000.'),
  https: z.enum(['auto', 'off']).default('auto').describe('auto: a certificate for the domain by ACME.'),
  variables: variables.default({}),
  secrets: z.array(variableName).default([]).describe('Names only: values are set with `redcontrol secret set`.'),
  database: database.optional(),
  redis: z.strictObject({ version: version.optional() }).optional(),
  isolation: isolation.optional(),
  drain: duration.default('30s').describe('How long connections to an old version may live on after a switch.'),
  watch: duration.default('10s').describe('How long a new version is watched after the switch before it counts as live.'),
  traffic: traffic.optional(),
  preview: preview.optional(),
  alerts: environmentAlerts.optional(),
  memory: size.optional().describe('Most memory of each process here; left out: what the process says.'),
  instances: z.record(processName, z.int().min(0).max(100)).optional(),
});

export type EnvironmentConfig = z.infer<typeof environment>;
export type DeployRule = z.infer<typeof deployRule>;
