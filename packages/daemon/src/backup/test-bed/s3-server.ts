import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { killTree, runOrThrow, runToEnd, spawnProcess } from '@redcontrol/system';
import { freePort } from '../../proxy/test-bed/proxy-world.ts';

const version = 'v1.8.0';
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'redcontrol-test', `versitygw-${version}`);

/** A real S3 server (Versity's gateway over a folder) that checks signatures and keeps objects as files. */
export interface S3Server {
  endpoint: string;
  bucket: string;
  keyId: string;
  secret: string;
  /** Where an object lies as a file, to look at it or to change it behind the server's back. */
  fileOf(key: string): string;
  stop(): Promise<void>;
}

/** Whether Go is there to make the server with. */
export async function canRunS3Server(): Promise<boolean> {
  return (await runToEnd('go', ['version']).catch(() => ({ exitCode: 1 }))).exitCode === 0;
}

export async function startS3Server(): Promise<S3Server> {
  await install();
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), 'redcontrol-s3-'));
  const [data, sidecar, bucket] = [join(directory, 'data'), join(directory, 'metadata'), 'backups'];
  await mkdir(join(data, bucket), { recursive: true });
  await mkdir(sidecar);
  const [keyId, secret] = ['test-key-id', 'test-secret-access-key'];
  const child = spawnProcess(join(cache, 'versitygw'), ['--access', keyId, '--secret', secret, '--port', `127.0.0.1:${port}`, 'posix', '--sidecar', sidecar, data]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-50_000);
  });
  await answers(port).catch((error: unknown) => {
    killTree(child);
    throw new Error(`Expected the S3 server to start, got ${said.slice(-2000)}`, { cause: error });
  });
  return {
    endpoint: `http://127.0.0.1:${port}`, bucket, keyId, secret,
    fileOf: (key) => join(data, bucket, key),
    async stop() {
      killTree(child);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Made once; it stays in the user's cache. */
async function install(): Promise<void> {
  await mkdir(cache, { recursive: true });
  if (await stat(join(cache, 'versitygw')).catch(() => undefined)) return;
  await runOrThrow('go', ['install', `github.com/versity/versitygw/cmd/versitygw@${version}`], { variables: { GOBIN: cache, GOFLAGS: '' }, timeoutMs: 600_000 });
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    if (tries > 200) throw new Error(`Expected a listener on port ${port}`);
    await delay(50);
  }
}
