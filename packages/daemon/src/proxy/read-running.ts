import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { askHaproxy } from './runtime-socket.ts';
import type { Tables } from './render-maps.ts';
import type { ProxyPaths } from './settings.ts';
import type { ObservedServer } from './site.ts';

/** A server in a worker; `checked`: HAProxy asks for its health. */
export type RunningServer = ObservedServer & { checked: boolean };

/** What HAProxy's present worker does, read from itself. */
export interface Running {
  pid: number;
  /** Hash of the structure it was started with. */
  structure: string;
  /** Backend → its servers. */
  servers: Record<string, RunningServer[]>;
  tables: Tables;
  /** Certificate file → names it is shown for, and the SHA-1 fingerprint HAProxy has of it. */
  certificates: Record<string, LoadedCertificate>;
}

export interface LoadedCertificate {
  names: string[];
  fingerprint: string;
}

/** Reads all of it. Throws PROXY_FAILED when HAProxy does not answer. */
export async function readRunning(paths: ProxyPaths): Promise<Running> {
  const { socket } = paths;
  const files = [paths.routes, paths.redirects, paths.secure, paths.maintenance, paths.networks, paths.letIn];
  const [{ pid, structure }, stat, ...tables] = await Promise.all([
    readIdentity(socket),
    askHaproxy(socket, 'show stat -1 4 -1'),
    ...files.map((file) => askHaproxy(socket, `show map ${file}`)),
  ]);
  return {
    pid,
    structure,
    servers: parseServers(stat),
    tables: Object.fromEntries(files.map((file, index) => [file, parseMap(tables[index] ?? '')])),
    certificates: await readCertificates(paths),
  };
}

/** Process id of the worker that has the socket, and the structure it was started with. */
export async function readIdentity(socket: string): Promise<{ pid: number; structure: string }> {
  const info = await askHaproxy(socket, 'show info', 2_000);
  return { pid: Number(/^Pid: (\d+)$/m.exec(info)?.[1] ?? 0), structure: /^description: (.*)$/m.exec(info)?.[1]?.trim() ?? '' };
}

/** Servers by backend, of the CSV of `show stat`. */
export function parseServers(csv: string): Record<string, RunningServer[]> {
  const servers: Record<string, RunningServer[]> = {};
  for (const row of parseStat(csv)) {
    const backend = row.pxname ?? '';
    const at = (row.addr ?? '').lastIndexOf(':');
    const address = (row.addr ?? '').slice(0, Math.max(at, 0)).replace(/^\[(.*)\]$/, '$1');
    (servers[backend] ??= []).push({
      name: row.svname ?? '',
      address,
      port: Number((row.addr ?? '').slice(at + 1)),
      state: stateOf(row.status ?? '', Number(row.uweight)),
      sessions: Number(row.scur),
      checked: (row.check_status ?? '') !== '',
    });
  }
  return servers;
}

/** Rows of the CSV of `show stat`, by column name. */
export function parseStat(csv: string): Record<string, string>[] {
  const [header = '', ...lines] = csv.split('\n').filter((line) => line.trim() !== '');
  const columns = header.replace(/^# /, '').split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}

function stateOf(status: string, weight: number): ObservedServer['state'] {
  if (status.startsWith('MAINT')) return 'maint';
  if (weight === 0) return 'drain';
  return status.startsWith('DOWN') ? 'down' : 'ready';
}

/** Lines of `show map`: an internal address, the key, the value. */
export function parseMap(text: string): Record<string, string> {
  const entries = text.split('\n').flatMap((line) => {
    const [, key, value] = /^0x[0-9a-f]+ (\S+) (.*)$/.exec(line.trim()) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(entries);
}

async function readCertificates(paths: ProxyPaths): Promise<Record<string, LoadedCertificate>> {
  const list = await askHaproxy(paths.socket, `show ssl crt-list -n ${paths.certificateList}`);
  const loaded: Record<string, LoadedCertificate> = {};
  for (const line of list.split('\n')) {
    const [, file, names] = /^(\/\S+):\d+ (.+)$/.exec(line.trim()) ?? [];
    if (!file || !names) continue;
    const shown = await askHaproxy(paths.socket, `show ssl cert ${file}`);
    loaded[file] = { names: names.split(' ').sort(), fingerprint: /^SHA1 FingerPrint: (\S+)$/m.exec(shown)?.[1] ?? '' };
  }
  return loaded;
}

/** SHA-1 fingerprint of the first certificate in a PEM file, as HAProxy writes it; undefined when it or its key is no good. */
export async function readFingerprint(file: string): Promise<string | undefined> {
  try {
    const pem = await readFile(file);
    const certificate = new X509Certificate(pem);
    return certificate.checkPrivateKey(createPrivateKey(pem)) ? certificate.fingerprint.replaceAll(':', '') : undefined;
  } catch {
    return undefined;
  }
}
