import { join } from 'node:path';
import { RedControlError } from '@redcontrol/contract';
import { pageNames, pageText } from './pages.ts';
import { backendName } from './render-backend.ts';
import { portKey } from './render-frontend.ts';
import { checkState } from './check-site.ts';
import { maintenanceTables } from './maintenance-tables.ts';
import type { ProxyPaths } from './settings.ts';
import type { ProxyState, Site } from './site.ts';

/** Tables that HAProxy reads from files at its start and that are changed at run time. File → key → value. */
export type Tables = Record<string, Record<string, string>>;

/** Certificates by domain: path of a PEM file with chain and key. */
export type CertificateFiles = Readonly<Record<string, string>>;

/** Routes, redirects, domains that have HTTPS, sites in maintenance and whom they let in. Throws PROXY_FAILED when two sites want one address. */
export function renderTables(state: ProxyState, certificates: CertificateFiles, paths: ProxyPaths): Tables {
  checkState(state);
  const routes: Record<string, string> = {};
  const redirects: Record<string, string> = {};
  for (const site of state.sites) {
    for (const key of routeKeys(site)) {
      if (routes[key]) throw new RedControlError('PROXY_FAILED', `Expected one site at ${key}, got ${routes[key].slice(5)} and ${site.id}`, { hint: 'Give one of them another domain, port or path.' });
      routes[key] = backendName(site.id);
    }
    for (const [from, { to, status }] of Object.entries(site.redirects)) redirects[from] ??= `${status}/${to}`;
  }
  return {
    [paths.routes]: routes,
    [paths.redirects]: redirects,
    [paths.secure]: Object.fromEntries(secureDomains(state).filter((name) => certificates[name]).map((name) => [name, '1'])),
    ...maintenanceTables(state, paths),
  };
}

/** Domains that want HTTPS, with those that redirect to them. */
export function secureDomains(state: ProxyState): string[] {
  const names = state.sites.filter((site) => site.https === 'auto').flatMap((site) => [...site.domains, ...Object.keys(site.redirects)]);
  return [...new Set(names)].sort();
}

/** Certificate file of each domain that wants HTTPS and has one: the site's own, else that by ACME. */
export function chooseCertificates(state: ProxyState, certificates: CertificateFiles): CertificateFiles {
  const files: Record<string, string> = {};
  for (const site of state.sites) {
    if (site.https === 'off') continue;
    for (const name of [...site.domains, ...Object.keys(site.redirects)]) {
      const file = site.certificate ?? certificates[name];
      if (file) files[name] ??= file;
    }
  }
  return files;
}

/** Names that each certificate file is shown for, sorted. */
export function namesByFile(files: CertificateFiles): Record<string, string[]> {
  const names: Record<string, string[]> = {};
  for (const name of Object.keys(files).sort()) (names[files[name] ?? ''] ??= []).push(name);
  return names;
}

/** HAProxy's crt-list: one line a file. */
export function renderCertificateList(files: CertificateFiles): string {
  return Object.entries(namesByFile(files)).map(([file, names]) => `${file} ${names.join(' ')}\n`).sort().join('');
}

export function renderTable(table: Record<string, string>): string {
  return Object.entries(table).map(([key, value]) => `${key} ${value}\n`).sort().join('');
}

/** Every page with its path. */
export function renderPages(paths: ProxyPaths): Record<string, string> {
  return Object.fromEntries(pageNames.map((name) => [join(paths.pages, `${name}.html`), pageText(name)]));
}

/** `host/` or `host/prefix/`: matched as the beginning of host, path and a closing "/", the longest first. */
function routeKeys(site: Site): string[] {
  const prefix = `${site.pathPrefix ?? '/'}/`.replace(/\/+$/, '/').replace(/^\/\/+/, '/');
  const hosts = [...site.domains, ...(site.port === undefined ? [] : [portKey(site.port)])];
  return hosts.map((name) => `${name}${prefix}`);
}
