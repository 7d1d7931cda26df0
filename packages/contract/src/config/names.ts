import * as z from 'zod';
import { text } from './text.ts';

/** Names of projects, environments, processes: they become parts of container, network and file names. */
export const name = text(/^[a-z][a-z0-9-]{0,39}$/, 'a name of a–z, 0–9 and "-", beginning with a letter, at most 40 characters');

/** A process, with the app in front of it where the repository holds several: `worker`, `api.web`. */
export const processName = text(/^[a-z][a-z0-9-]{0,39}(\.[a-z][a-z0-9-]{0,39})?$/, 'the name of a process such as web, or api.web where there are several apps');

/** Names of environment variables and secrets (POSIX). */
export const variableName = text(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'a variable name of letters, digits and "_", not beginning with a digit');

/** A host name or an IPv4/IPv6 address, never beginning with "-" (it is given to ssh). */
export const host = text(/^[A-Za-z0-9_[][A-Za-z0-9_.:[\]-]{0,252}$/, 'a host name or an IP address');

/** A DNS name in lower case; `*.` in front is allowed where a wildcard makes sense. */
export const domain = text(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/, 'a domain in lower case such as shop.example.com');

/** A path inside the container: absolute, without `..`. */
export const containerPath = text(/^\/[^\0\n:]*$/, 'an absolute path such as /app/media')
  .refine((path) => !path.split('/').includes('..'), { error: 'a path without ".."' });

/** A path inside the repository: relative, without `..`. */
export const repositoryPath = text(/^[^/\0\n][^\0\n]*$/, 'a path relative to the repository such as frontend')
  .refine((path) => !path.split('/').includes('..'), { error: 'a path without ".."' });

/** A pattern of branch or tag names: `*` within one part, `**` over parts. */
export const refPattern = text(/^[^-\s~^:\\\0][^\s~^:\\\0]{0,199}$/, 'a branch or tag pattern such as main, release/* or v*');

/** Values of variables: YAML's numbers and truth values are taken as the text they stand for. */
export const variables = z.record(
  variableName,
  z.union([z.string(), z.number(), z.boolean()]).transform(String),
);

/** A version as people write it: 17, 3.11 or "10.11-lts". */
export const version = z
  .union([z.number().positive(), text(/^[0-9][0-9A-Za-z._-]{0,39}$/, 'a version such as 17 or "3.11"')])
  .transform(String);

/** A container image's reference; never beginning with "-". */
export const imageReference = text(/^[a-z0-9][A-Za-z0-9._/:@-]{0,254}$/, 'a container image such as node:22');

/** An address or a network that may connect. */
export const network = text(/^[0-9A-Fa-f.:]{2,45}(\/\d{1,3})?$/, 'an IP address or a network such as 203.0.113.0/24');

/** A path of a URL, e.g. /health. */
export const urlPath = text(/^\/[^\s]*$/, 'a path such as /health');
