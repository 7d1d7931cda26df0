import { z } from 'zod';

/** Names of projects, environments, processes: they become parts of container, network and file names. */
export const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, {
    error: 'a name of a–z, 0–9 and "-", beginning with a letter, at most 40 characters',
  });

/** Names of environment variables and secrets (POSIX). */
export const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, {
  error: 'a variable name of letters, digits and "_", not beginning with a digit',
});

/** A host name or an IPv4/IPv6 address, never beginning with "-" (it is given to ssh). */
export const host = z.string().regex(/^[A-Za-z0-9_[][A-Za-z0-9_.:[\]-]{0,252}$/, {
  error: 'a host name or an IP address',
});

/** A DNS name in lower case; `*.` in front is allowed where a wildcard makes sense. */
export const domain = z.string().regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/, {
  error: 'a domain in lower case such as shop.example.com',
});

/** A path inside the container: absolute, without `..`. */
export const containerPath = z
  .string()
  .regex(/^\/[^\0\n:]*$/, { error: 'an absolute path such as /app/media' })
  .refine((path) => !path.split('/').includes('..'), { error: 'a path without ".."' });

/** A path inside the repository: relative, without `..`. */
export const repositoryPath = z
  .string()
  .regex(/^[^/\0\n][^\0\n]*$/, { error: 'a path relative to the repository such as frontend' })
  .refine((path) => !path.split('/').includes('..'), { error: 'a path without ".."' });

/** A pattern of branch or tag names: `*` within one part, `**` over parts. */
export const refPattern = z.string().regex(/^[^-\s~^:\\\0][^\s~^:\\\0]{0,199}$/, {
  error: 'a branch or tag pattern such as main, release/* or v*',
});
