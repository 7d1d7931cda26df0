/**
 * A reference as it is fetched through a mirror of Docker Hub (`mirror.example.com`, or with a path): `node:22` is
 * `<mirror>/library/node:22`. References that name a registry of their own stay as they are.
 */
export function mirroredReference(reference: string, mirror: string | undefined): string {
  if (mirror === undefined || namesRegistry(reference)) return reference;
  const path = reference.includes('/') ? reference : `library/${reference}`;
  return `${mirror.replace(/\/+$/, '')}/${path}`;
}

/** The engine's own rule: the first part is a host when it has a dot or a port, or is localhost. */
function namesRegistry(reference: string): boolean {
  const first = reference.split('/')[0]!;
  return reference.includes('/') && (first.includes('.') || first.includes(':') || first === 'localhost');
}
