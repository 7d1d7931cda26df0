import { RedControlError } from '../errors.ts';

/**
 * What a developer needs to reach a project's server: where it is, and by which host key it is known to be the right one.
 * It holds no secret and lets nobody in: a key gets in by the admin's redcontrol.yml alone.
 */
export interface Invitation {
  user: string;
  host: string;
  port: number;
  project: string;
  /** SHA256:…, of one of the server's host keys, as OpenSSH shows it. */
  fingerprint: string;
}

const scheme = 'redwatch://';
const form = /^redwatch:\/\/([A-Za-z0-9_][A-Za-z0-9_.-]{0,31})@(?:\[([0-9A-Fa-f:.%]{2,64})\]|([A-Za-z0-9_][A-Za-z0-9_.-]{0,254})):(\d{1,5})\/([a-z][a-z0-9-]{0,39})\/(SHA256:[A-Za-z0-9+/]{43})$/;

/** One word without characters that a shell or a chat changes, except around an IPv6 address. */
export function formatInvitation({ user, host, port, project, fingerprint }: Invitation): string {
  return `${scheme}${user}@${host.includes(':') ? `[${host}]` : host}:${port}/${project}/${fingerprint}`;
}

export function isInvitation(text: string): boolean {
  return text.startsWith(scheme);
}

/** Throws USAGE. */
export function parseInvitation(text: string): Invitation {
  const found = form.exec(text.trim());
  const [, user, address, name, portText, project, fingerprint] = found ?? [];
  const host = address ?? name;
  const port = Number(portText);
  if (!user || !host || !project || !fingerprint || port < 1 || port > 65_535) {
    throw new RedControlError('USAGE', `Expected an invitation as \`redcontrol people invite\` makes it, got ${JSON.stringify(text.slice(0, 200))}`, { hint: 'Copy the whole line: redwatch://USER@SERVER:PORT/PROJECT/SHA256:…' });
  }
  return { user, host, port, project, fingerprint };
}
