import { readFile } from 'node:fs/promises';
import type { Clock } from '@redcontrol/system';
import { RedControlError } from '@redcontrol/contract';
import { serverCommands, type Operation } from './plan-change.ts';
import { askHaproxy, tellHaproxy } from './runtime-socket.ts';
import type { ProxyPaths } from './settings.ts';

const removableWithinMs = 5_000;
const removableEveryMs = 25;
/** What HAProxy says of success, where it is not silent. */
const success = [/^New server registered\.$/, /^Server deleted\.$/, /(IP|port) changed from/i, /no need to change/, /^nothing changed$/i, /^Removed cookie/];
const certificateSuccess = [/^New empty certificate store/, /^Transaction (created|updated) for certificate/, /^Committing/, /^Success!$/, /^\.*$/, /^Inserting certificate/, /^Entry .* deleted/, /^Certificate .* deleted/];

/** Carries the operations out in their order on HAProxy's present worker. Throws PROXY_FAILED at the first that fails. */
export async function applyOperations(operations: readonly Operation[], paths: ProxyPaths, clock: Clock): Promise<void> {
  for (const operation of operations) {
    if (operation.kind === 'put-certificate') await putCertificate(operation, paths);
    else if (operation.kind === 'remove-certificate') await removeCertificate(operation.file, paths);
    else for (const command of serverCommands(operation)) await tell(paths.socket, command, clock);
  }
}

async function tell(socket: string, command: string, clock: Clock): Promise<void> {
  if (!command.startsWith('del server ')) return tellHaproxy(socket, command, success);
  // Connections that were shut a moment ago hold the server for as long as HAProxy takes to notice.
  for (const until = clock.now() + removableWithinMs; ; await clock.sleep(removableEveryMs)) {
    const answer = await askHaproxy(socket, command);
    if (/^(Server deleted\.)?$/.test(answer) || /No such server|not found/i.test(answer)) return;
    if (clock.now() > until) throw new RedControlError('PROXY_FAILED', `Expected HAProxy to let go of ${command.split(' ').at(-1)}, got ${answer}`);
  }
}

async function putCertificate(operation: Extract<Operation, { kind: 'put-certificate' }>, paths: ProxyPaths): Promise<void> {
  const { file, names, change } = operation;
  const tell = (command: string) => tellHaproxy(paths.socket, command, certificateSuccess);
  const pem = (await readFile(file, 'utf8')).replace(/\n{2,}/g, '\n').trim();
  if (change === 'names') await removeCertificate(file, paths);
  if (change !== 'content') await tell(`new ssl cert ${file}`);
  await tell(`set ssl cert ${file} <<\n${pem}\n`);
  await tell(`commit ssl cert ${file}`);
  if (change !== 'content') await tell(`add ssl crt-list ${paths.certificateList} <<\n${file} ${names.join(' ')}\n`);
}

async function removeCertificate(file: string, paths: ProxyPaths): Promise<void> {
  await tellHaproxy(paths.socket, `del ssl crt-list ${paths.certificateList} ${file}`, certificateSuccess);
  await tellHaproxy(paths.socket, `del ssl cert ${file}`, certificateSuccess);
}
