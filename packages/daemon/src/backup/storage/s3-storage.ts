import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { S3mini } from 's3mini';
import { asRedControlError, RedControlError } from '@redcontrol/contract';
import type { BackupStorage } from './backup-storage.ts';

export interface S3Access {
  bucket: string;
  endpoint: string;
  region: string;
  keyId: string;
  secret: string;
}

/** One part is in memory at a time. Parts grow, so that the 10,000 that S3 allows are enough for 500 GB. */
const firstPartBytes = 8 * 1024 ** 2;
const laterPartBytes = 64 * 1024 ** 2;
const firstParts = 2_000;
const maxAttempts = 4;
const pauseMs = 500;

/** A bucket of any S3-compatible store, addressed by path; every request is signed (AWS Signature 4). */
export function s3Storage(access: S3Access): BackupStorage {
  const client = new S3mini({
    accessKeyId: access.keyId, secretAccessKey: access.secret, region: access.region,
    endpoint: `${access.endpoint.replace(/\/+$/, '')}/${access.bucket}`, requestAbortTimeout: 300_000,
  });
  return {
    async write(path, content, signal) {
      try {
        await upload(client, path, content, signal);
      } catch (error) {
        content.destroy();
        throw s3Error(access, `write ${path}`, error);
      }
    },
    async read(path) {
      const response = await client.getObjectResponse(path).catch((error: unknown) => {
        throw s3Error(access, `read ${path}`, error);
      });
      if (!response?.body) throw new RedControlError('NOT_FOUND', `Expected ${path} in the bucket ${access.bucket}, it is not there`, { hint: 'Somebody removed it, or a rule of the bucket did.' });
      return Readable.fromWeb(response.body as unknown as ReadableStream);
    },
    async remove(folder, files) {
      for (const file of files) {
        await client.deleteObject(`${folder}/${file}`).catch((error: unknown) => {
          throw s3Error(access, `remove ${folder}/${file}`, error);
        });
      }
    },
  };
}

async function upload(client: S3mini, path: string, content: Readable, signal: AbortSignal | undefined): Promise<void> {
  const uploadId = await retried(() => client.getMultipartUploadId(path, 'application/octet-stream'), signal);
  try {
    const parts: { partNumber: number; etag: string }[] = [];
    for await (const part of partsOf(content)) {
      signal?.throwIfAborted();
      const partNumber = parts.length + 1;
      const { etag } = await retried(() => client.uploadPart(path, uploadId, part, partNumber), signal);
      parts.push({ partNumber, etag });
    }
    await retried(() => client.completeMultipartUpload(path, uploadId, parts), signal);
  } catch (error) {
    // Parts that were sent cost money until the upload is given up.
    await client.abortMultipartUpload(path, uploadId).catch(() => {});
    throw error;
  }
}

/** At least one part, also of nothing: an object has to be there afterwards. */
async function* partsOf(content: Readable): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let bytes = 0;
  let count = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    waiting.push(chunk);
    bytes += chunk.length;
    if (bytes < (count < firstParts ? firstPartBytes : laterPartBytes)) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    bytes = 0;
    count += 1;
  }
  if (bytes > 0 || count === 0) yield Buffer.concat(waiting);
}

/** Networks and stores have bad moments; a refusal (4xx) is none. */
async function retried<T>(request: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request();
    } catch (error) {
      const status = (error as { status?: number }).status;
      if (attempt >= maxAttempts || signal?.aborted || (status !== undefined && status < 500)) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs * 2 ** attempt));
    }
  }
}

function s3Error(access: S3Access, task: string, thrown: unknown): RedControlError {
  if (thrown instanceof RedControlError) return thrown;
  const { status, serviceCode } = thrown as { status?: number; serviceCode?: string };
  const said = [status, serviceCode, asRedControlError(thrown).message].filter((part) => part !== undefined).join(' ').slice(0, 500);
  return new RedControlError('BACKUP_FAILED', `Expected to ${task} in the bucket ${access.bucket} at ${access.endpoint}, got: ${said}`, {
    cause: thrown, hint: 'Look at bucket, endpoint and region, and at the secrets with the access key: redcontrol secret list.',
  });
}
