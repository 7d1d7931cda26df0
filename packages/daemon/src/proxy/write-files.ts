import { mkdir, rename } from 'node:fs/promises';
import { readIfExists, runToEnd, writeFileAtomic } from '@redcontrol/system';
import { RedControlError } from '@redcontrol/contract';
import { renderHaproxyConfig } from './render-config.ts';
import { renderCertificateList, renderPages, renderTable, renderTables, siteCertificates, type CertificateFiles } from './render-maps.ts';
import { proxyPaths, type ProxySettings } from './settings.ts';
import type { ProxyState } from './site.ts';

const checkTimeoutMs = 30_000;

/** Writes everything that HAProxy reads at its start but its main file, which is answered as text. */
export async function writeTables(state: ProxyState, certificates: CertificateFiles, settings: ProxySettings): Promise<string> {
  const paths = proxyPaths(settings);
  const config = renderHaproxyConfig(state, settings);
  await mkdir(settings.directory, { recursive: true });
  await mkdir(settings.runDirectory, { recursive: true });
  for (const [file, text] of Object.entries(renderPages(paths))) await writeIfChanged(file, text);
  for (const [file, table] of Object.entries(renderTables(state, certificates, paths))) await writeIfChanged(file, renderTable(table));
  await writeIfChanged(paths.certificateList, renderCertificateList(siteCertificates(state, certificates)));
  return config;
}

/** Puts the main file in its place after HAProxy itself found it good. Throws PROXY_FAILED with what HAProxy says. */
export async function writeConfig(config: string, settings: ProxySettings, binary: string): Promise<void> {
  const { config: file } = proxyPaths(settings);
  if ((await readIfExists(file)) === config) return;
  const candidate = `${file}.new`;
  await writeFileAtomic(candidate, config);
  const check = await runToEnd(binary, ['-c', '-f', candidate], { timeoutMs: checkTimeoutMs });
  if (check.exitCode !== 0) {
    const said = check.stderr.split('\n').filter((line) => line.includes('[ALERT]')).join('\n').slice(0, 2000);
    throw new RedControlError('PROXY_FAILED', `Expected HAProxy to accept its new configuration, got ${said || check.stderr.slice(-500)}`, { hint: 'The running configuration was left as it is.' });
  }
  await rename(candidate, file);
}

async function writeIfChanged(file: string, text: string): Promise<void> {
  if ((await readIfExists(file)) !== text) await writeFileAtomic(file, text);
}
