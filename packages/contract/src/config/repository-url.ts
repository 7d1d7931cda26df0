import * as z from 'zod';

/** Transports that git is allowed to use; anything else (ext::, fd::) could run commands. */
const schemes = /^(https?|ssh|git\+ssh|file):\/\/[^\s\0-][^\s\0]*$/;
/** The scp-like form `user@host:path`. */
const scpLike = /^[A-Za-z0-9._-]+@[A-Za-z0-9._[][A-Za-z0-9._:[\]-]*:[^\s\0-][^\s\0]*$/;

const form = 'a git URL: https://…, ssh://…, user@host:path or file://…';

export const repositoryUrl = z
  .string({ error: form })
  .refine((text) => schemes.test(text) || scpLike.test(text), { error: form });
