import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { isErrorCode, RedControlError } from '@redcontrol/contract';
import type { SshTarget } from '@redcontrol/system';
import { serverPaths, unitNames } from './paths.ts';
import { runRemoteScript, sendToRemoteScript } from './remote-script.ts';

export interface CheckedState {
  projects: string[];
  /** Of the server that it was made on. */
  hostname: string;
  createdAt: number;
}

const settings = `[ ! -f ${serverPaths.settings} ] || { set -a; . ${serverPaths.settings}; set +a; }`;
const checkScript = `set -eu
${settings}
exec ${serverPaths.command} restore-state check
`;
const takeScript = `set -eu
${settings}
systemctl stop ${unitNames.daemon}
trap 'systemctl start ${unitNames.daemon}' EXIT
${serverPaths.command} restore-state take
`;

/** Sends a server's state to another, which reads, decrypts and compares all of it and lays it ready; the daemon there serves on. Throws what speaks against it. */
export async function checkState(target: SshTarget, state: { path: string; identity: string; signal?: AbortSignal }): Promise<CheckedState> {
  const { stdout } = expectDone(await sendToRemoteScript(target, checkScript, [], Readable.from(content(state)), state.signal ? { signal: state.signal } : {}));
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as CheckedState;
}

/** Puts the state that was laid ready in place and starts the daemon with it. */
export async function takeState(target: SshTarget): Promise<void> {
  expectDone(await runRemoteScript(target, takeScript));
}

async function* content({ path, identity }: { path: string; identity: string }): AsyncGenerator<Buffer> {
  yield Buffer.from(`${identity}\n`);
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) yield chunk as Buffer;
}

/** The daemon's program tells its error in its last line. */
function expectDone(result: { exitCode: number; stdout: string; stderr: string }) {
  if (result.exitCode === 0) return result;
  const last = result.stderr.trim().split('\n').at(-1) ?? '';
  const told = readError(last);
  throw told ?? new RedControlError('INSTALL_FAILED', `Expected the state to be restored, got exit code ${result.exitCode}: ${result.stderr.trim().slice(-1000)}`, { hint: 'Nothing of the state was changed, or the same command completes it.' });
}

function readError(line: string): RedControlError | undefined {
  try {
    const { code, message, hint } = JSON.parse(line) as { code: string; message: string; hint?: string };
    return isErrorCode(code) ? new RedControlError(code, message, hint === undefined ? {} : { hint }) : undefined;
  } catch {
    return undefined;
  }
}
