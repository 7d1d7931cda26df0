import { backendName, readyWeight, serverOptions } from './render-backend.ts';
import type { Tables } from './render-maps.ts';
import type { LoadedCertificate, Running, RunningServer } from './read-running.ts';
import type { Site, SiteServer } from './site.ts';

/** What HAProxy should do, in the terms in which it can be asked what it does. */
export interface Wanted {
  structure: string;
  sites: readonly Site[];
  tables: Tables;
  certificates: Record<string, LoadedCertificate>;
}

export type Operation =
  | { kind: 'put-certificate'; file: string; names: string[]; change: 'new' | 'content' | 'names' }
  | { kind: 'add-server'; backend: string; server: SiteServer }
  | { kind: 'move-server'; backend: string; server: SiteServer }
  | { kind: 'set-server'; backend: string; name: string; state: SiteServer['state'] }
  | { kind: 'remove-server'; backend: string; name: string }
  | { kind: 'set-key'; table: string; key: string; value: string; isNew: boolean }
  | { kind: 'remove-key'; table: string; key: string }
  | { kind: 'remove-certificate'; file: string };

export type Change = { kind: 'reload' } | { kind: 'runtime'; operations: Operation[] };

/** How to get from what runs to what is wanted: by commands at run time wherever HAProxy has them. Pure. */
export function planChange(wanted: Wanted, running: Running): Change {
  if (wanted.structure !== running.structure) return { kind: 'reload' };
  const certificates = planCertificates(wanted.certificates, running.certificates);
  const tables = planTables(wanted.tables, running.tables);
  return {
    kind: 'runtime',
    operations: [
      ...certificates.filter((operation) => operation.kind === 'put-certificate'),
      ...wanted.sites.flatMap((site) => planServers(site, running.servers[backendName(site.id)] ?? [])),
      ...tables,
      ...certificates.filter((operation) => operation.kind === 'remove-certificate'),
    ],
  };
}

/**
 * Servers of one site: first those that come, then those that go, so that there is no moment without any.
 * A server whose check is to begin or end is made anew.
 */
export function planServers(site: Site, running: readonly RunningServer[]): Operation[] {
  const backend = backendName(site.id);
  const added: Operation[] = [];
  const raised: Operation[] = [];
  const lowered: Operation[] = [];
  for (const server of site.servers) {
    const now = running.find((one) => one.name === server.name);
    if (now && now.checked === Boolean(server.check)) {
      if (now.address !== server.address || now.port !== server.port) added.push({ kind: 'move-server', backend, server });
      const state = now.state === 'down' ? 'ready' : now.state;
      if (state !== server.state) (server.state === 'ready' ? raised : lowered).push({ kind: 'set-server', backend, name: server.name, state: server.state });
      continue;
    }
    if (now) added.push({ kind: 'remove-server', backend, name: server.name });
    added.push({ kind: 'add-server', backend, server });
  }
  const gone = running.filter((one) => !site.servers.some((server) => server.name === one.name));
  return [...added, ...raised, ...lowered, ...gone.map((one) => ({ kind: 'remove-server' as const, backend, name: one.name }))];
}

/** An operation as commands of HAProxy's Runtime API, one after another. Certificates need their content and are apart. */
export function serverCommands(operation: Operation): string[] {
  switch (operation.kind) {
    case 'add-server': {
      const target = `${operation.backend}/${operation.server.name}`;
      const options = serverOptions({ ...operation.server, state: operation.server.state === 'maint' ? 'ready' : operation.server.state });
      return [
        `add server ${target} ${options}`,
        ...(operation.server.check ? [`enable health ${target}`] : []),
        ...(operation.server.state === 'maint' ? [] : [`set server ${target} state ready`]),
      ];
    }
    case 'move-server':
      return [`set server ${operation.backend}/${operation.server.name} addr ${operation.server.address} port ${operation.server.port}`];
    case 'set-server': {
      const target = `${operation.backend}/${operation.name}`;
      if (operation.state === 'maint') return [`set server ${target} state maint`];
      return [`set server ${target} weight ${operation.state === 'ready' ? readyWeight : 0}`, `set server ${target} state ready`];
    }
    case 'remove-server': {
      const target = `${operation.backend}/${operation.name}`;
      return [`set server ${target} state maint`, `shutdown sessions server ${target}`, `del server ${target}`];
    }
    case 'set-key':
      return [`${operation.isNew ? 'add' : 'set'} map ${operation.table} ${operation.key} ${operation.value}`];
    case 'remove-key':
      return [`del map ${operation.table} ${operation.key}`];
    case 'put-certificate':
    case 'remove-certificate':
      return [];
  }
}

function planTables(wanted: Tables, running: Tables): Operation[] {
  const operations: Operation[] = [];
  for (const [table, entries] of Object.entries(wanted)) {
    const now = running[table] ?? {};
    for (const [key, value] of Object.entries(entries)) {
      if (now[key] !== value) operations.push({ kind: 'set-key', table, key, value, isNew: now[key] === undefined });
    }
    for (const key of Object.keys(now)) {
      if (entries[key] === undefined) operations.push({ kind: 'remove-key', table, key });
    }
  }
  return operations;
}

function planCertificates(wanted: Wanted['certificates'], running: Running['certificates']): Operation[] {
  const operations: Operation[] = [];
  for (const [file, { names, fingerprint }] of Object.entries(wanted)) {
    const now = running[file];
    if (!now) operations.push({ kind: 'put-certificate', file, names, change: 'new' });
    else if (now.names.join(' ') !== names.join(' ')) operations.push({ kind: 'put-certificate', file, names, change: 'names' });
    else if (now.fingerprint !== fingerprint) operations.push({ kind: 'put-certificate', file, names, change: 'content' });
  }
  for (const file of Object.keys(running)) {
    if (!wanted[file]) operations.push({ kind: 'remove-certificate', file });
  }
  return operations;
}
