import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform, type Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { formatBytes } from '@redcontrol/contract';
import { systemClock, type RunResult, type SshTarget } from '@redcontrol/system';
import { fetchNodeExecutable, ownNodeExecutable, type NodeExecutable } from './node-executable.ts';
import type { Upload } from './operation.ts';
import { sendToRemoteScript } from './remote-script.ts';

/** Exit code of a script whose content arrived whole but does not run on the server. */
export const doesNotRunExitCode = 65;
const progressIntervalMs = 500;
/** Higher levels win 5 % of Node's size and take three times as long. */
const gzipLevel = 3;

export interface UploadRequest {
  target: SshTarget;
  /** Gets the gzipped content on its standard input and its SHA-256, uncompressed, as the first argument. */
  script: string;
  args: readonly string[];
  upload: Upload;
  signal?: AbortSignal | undefined;
  onLine: (line: string) => void;
}

/** Sends content to a script, with progress by bytes. Node is this program's own where the server can run it, else it is fetched. */
export async function sendUpload(request: UploadRequest): Promise<RunResult> {
  const { upload } = request;
  if (upload.kind === 'file') return sendFile(request, upload);

  const need = { version: upload.version, architecture: upload.architecture, signal: request.signal };
  const own = await ownNodeExecutable(need);
  if (own) {
    const result = await sendNode(request, own);
    if (result.exitCode !== doesNotRunExitCode) return result;
    request.onLine('the Node of this computer does not run on the server');
  }
  const fetched = await fetchNodeExecutable(need);
  try {
    return await sendNode(request, fetched);
  } finally {
    await fetched.dispose();
  }
}

function sendNode(request: UploadRequest, node: NodeExecutable): Promise<RunResult> {
  request.onLine(`sending Node ${request.upload.kind === 'node' ? request.upload.version : ''} of ${node.origin}`);
  return sendFile(request, node);
}

async function sendFile(request: UploadRequest, file: { path: string; sha256: string }): Promise<RunResult> {
  const { size } = await stat(file.path);
  const content = createReadStream(file.path, { highWaterMark: 256 * 1024 });
  const compressed = content.pipe(progressMeter(size, request.onLine)).pipe(createGzip({ level: gzipLevel }));
  content.on('error', (error) => compressed.destroy(error));
  try {
    return await sendToRemoteScript(request.target, request.script, [file.sha256, ...request.args], compressed, { signal: request.signal });
  } finally {
    content.destroy();
  }
}

function progressMeter(totalBytes: number, onLine: (line: string) => void): Transform {
  let sentBytes = 0;
  let saidAtMs = systemClock.now();
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sentBytes += chunk.length;
      if (systemClock.now() - saidAtMs >= progressIntervalMs) {
        saidAtMs = systemClock.now();
        onLine(`${formatBytes(sentBytes)} of ${formatBytes(totalBytes)}`);
      }
      done(null, chunk);
    },
  }) satisfies Readable;
}
