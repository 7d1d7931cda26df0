import * as z from 'zod';

export const roles = ['viewer', 'developer', 'admin'] as const;
export type Role = (typeof roles)[number];

export const personRecord = z.object({
  fingerprint: z.string(),
  name: z.string(),
  role: z.enum(roles),
  projects: z.array(z.string()),
});
export type PersonRecord = z.infer<typeof personRecord>;

/** Whether somebody of role `has` may do what needs role `needs`. */
export function roleAllows(has: Role, needs: Role): boolean {
  return roles.indexOf(has) >= roles.indexOf(needs);
}
