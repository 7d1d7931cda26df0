import { mkdir, rm } from 'node:fs/promises';
import { readIfExists, runToEnd, writeFileAtomic } from '@redcontrol/system';
import { RedControlError } from '@redcontrol/contract';
import { renderHaproxyConfig } from './render-config.ts';
import { renderCertificateList, renderPages, renderTable, renderTables, type CertificateFiles } from './render-maps.ts';
import { proxyPaths, type ProxySettings } from './settings.ts';
import type { ProxyState } from './site.ts';

const checkTimeoutMs = 30_000;

/** Every file that HAProxy reads at its start, by path; `certificates`: those to show. Pure. Throws PROXY_FAILED. */
export function renderFiles(state: ProxyState, certificates: CertificateFiles, settings: ProxySettings): Record<string, string> {
  const paths = proxyPaths(settings);
  const tables = Object.entries(renderTables(state, certificates, paths)).map(([file, table]) => [file, renderTable(table)]);
  return {
    ...renderPages(paths),
    ...Object.fromEntries(tables),
    [paths.certificateList]: renderCertificateList(certificates),
    [paths.config]: renderHaproxyConfig(state, settings),
  };
}

/**
 * Writes the files, each at once: the main one after it was found good together with the others. Where it was not, all are
 * as before and what `validate` threw is thrown. Answers how to go back.
 */
export async function writeFiles(files: Record<string, string>, settings: ProxySettings, validate: (candidate: string) => Promise<void>): Promise<{ restore: () => Promise<void> }> {
  const { config } = proxyPaths(settings);
  await mkdir(settings.directory, { recursive: true });
  await mkdir(settings.runDirectory, { recursive: true });
  const before = new Map<string, string | undefined>();
  const write = async (file: string, text: string) => {
    const present = await readIfExists(file);
    if (present === text) return;
    before.set(file, present);
    await writeFileAtomic(file, text);
  };
  const restore = async () => {
    for (const [file, text] of before) {
      if (text === undefined) await rm(file, { force: true });
      else await writeFileAtomic(file, text);
    }
  };
  const { [config]: main = '', ...others } = files;
  for (const [file, text] of Object.entries(others)) await write(file, text);
  if (before.size > 0 || (await readIfExists(config)) !== main) {
    const candidate = `${config}.new`;
    await writeFileAtomic(candidate, main);
    try {
      await validate(candidate);
    } catch (error) {
      await restore();
      throw error;
    }
  }
  await write(config, main);
  return { restore };
}

/** Lets HAProxy look at a configuration file and all that it names. Throws PROXY_FAILED with what it says. */
export async function validateConfig(candidate: string, binary: string): Promise<void> {
  const check = await runToEnd(binary, ['-c', '-f', candidate], { timeoutMs: checkTimeoutMs });
  if (check.exitCode === 0) return;
  const said = check.stderr.split('\n').filter((line) => line.includes('[ALERT]')).join('\n').slice(0, 2000);
  throw new RedControlError('PROXY_FAILED', `Expected HAProxy to accept its new configuration, got ${said || check.stderr.slice(-500)}`, { hint: 'The running configuration was left as it is.' });
}
