import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOrThrow } from '@redcontrol/system';
import { serverTrust } from '../images/index.ts';
import type { MachineKeys } from './machine-keys.ts';
import type { MachineNetwork } from './network/addresses.ts';

const seedBytes = 2 * 1024 ** 2;
/** Sixteen networks of 62 addresses in a machine: that of the environment, and those of rehearsals and restores. */
const networkPrefix = 26;

/** Writes the disk with what is one machine's own: certificates, the addresses of its containers, whom the server trusts. */
export async function writeSeedDisk(directory: string, seed: { keys: MachineKeys; network: MachineNetwork | undefined }): Promise<string> {
  const folder = join(directory, 'seed');
  const disk = join(directory, 'seed.img');
  await mkdir(join(folder, 'trust'), { recursive: true });
  const { keys, network } = seed;
  await writeFile(join(folder, 'ca.pem'), keys.ca);
  await writeFile(join(folder, 'server.pem'), keys.serverCertificate);
  await writeFile(join(folder, 'server-key.pem'), keys.serverKey, { mode: 0o600 });
  await writeFile(join(folder, 'daemon.json'), engineSettings(network));
  await writeFile(join(folder, 'reached-from'), network ? `${network.hostAddress}\n` : '');
  for (const certificate of await serverTrust()) await writeFile(join(folder, 'trust', certificate.name), certificate.pem);
  await writeFile(disk, '', { mode: 0o600 });
  await truncate(disk, seedBytes);
  await runOrThrow('mke2fs', ['-q', '-t', 'ext2', '-E', 'root_owner=0:0', '-d', folder, disk]);
  await rm(folder, { recursive: true });
  return disk;
}

/** With a network of its own on the server, containers get addresses that the server has a route to. */
function engineSettings(network: MachineNetwork | undefined): string {
  const limits = { 'log-driver': 'json-file', 'log-opts': { 'max-size': '10m', 'max-file': '3' } };
  return JSON.stringify(network ? { ...limits, 'default-address-pools': [{ base: network.pool, size: networkPrefix }] } : limits);
}
