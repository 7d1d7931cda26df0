import { createHash, type Hash } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLogWriter, prepareMask, type PreparedMask, type Secret } from '../packages/daemon/src/logs/index.ts';
import { measure, measurePaired, summarize } from './measure.ts';
import { rowOf, type Bench, type BenchRow } from './row.ts';

const chunkBytes = 32 * 1024;
const streamBytes = 500 * 10 ** 6;
const blockLines = 20_000;

export const bench: Bench = {
  title: 'a log of 500 MB through masking to disk',
  about: `
The log of a step: 500 MB of build output with a secret in every hundredth line, in chunks of 32 KiB, through masking of
20 secrets in all their forms, SHA-256 and writing. Each run checks that the closed log's checksum is that of the text with
its secrets replaced. Floor: the same stream written to disk with SHA-256, without masking. The hostile rows mask, without a
disk, texts made to nearly match all the time. Resident growth is the peak over the masked 500 MB.`,
  async run() {
    const directory = await mkdtemp(join(tmpdir(), 'redcontrol-bench-'));
    try {
      return [...(await throughputRows(directory)), ...(await hostileRows()), await prepareRow()];
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};

async function throughputRows(directory: string): Promise<BenchRow[]> {
  const secrets = someSecrets();
  const prepared = prepareMask(secrets);
  const { block, masked } = buildOutput(secrets);
  const repeats = Math.ceil(streamBytes / block.length);
  const expected = checksumOfRepeats(masked, repeats);
  const path = join(directory, 'step.log');
  const growth: number[] = [];
  const paired = await measurePaired({
    runs: 5,
    subject: async (run) => {
      const baseBytes = process.memoryUsage.rss();
      let peakBytes = baseBytes;
      const figure = await timed(block.length * repeats, async () => {
        const writer = await openLogWriter({ path, mask: prepared.open(), maxBytes: Infinity });
        await feed(block, repeats, (chunk) => writer.write(chunk), () => (peakBytes = Math.max(peakBytes, process.memoryUsage.rss())));
        const { sha256 } = await writer.close();
        if (sha256 !== expected) throw new Error(`Expected the checksum of the masked text ${expected}, got ${sha256}`);
      });
      if (run >= 0) growth.push((peakBytes - baseBytes) / 10 ** 6);
      await rm(path);
      return figure;
    },
    floor: () => copyPlainly({ path, block, repeats }),
  });
  return [
    rowOf({ name: 'masking, SHA-256, disk', unit: 'MB/s', measured: paired, target: { atLeast: 50 } }),
    rowOf({ name: 'resident growth', unit: 'MB', measured: summarize(growth), target: { atMost: 64 } }),
  ];
}

/** Speeds over texts that a careless matcher is slow on. */
async function hostileRows(): Promise<BenchRow[]> {
  const secrets = someSecrets();
  const long = 'ab'.repeat(8000);
  const cases: [name: string, secrets: Secret[], text: string][] = [
    ['all but the last character of a secret, again and again', secrets, secrets[3]!.value.slice(0, -1)],
    ['nothing but secrets', secrets, secrets[3]!.value],
    ['nearly a periodic secret of 16 KB', [{ name: 'LONG', value: `${long}c` }], `${long}d`],
    ['a secret that begins at each byte', [{ name: 'SAME', value: 'aaaa' }, { name: 'LONGER', value: 'a'.repeat(16_000) }], 'a'],
  ];
  const rows: BenchRow[] = [];
  for (const [name, known, text] of cases) {
    const block = Buffer.from(text.repeat(Math.ceil(4 * 10 ** 6 / text.length)));
    const prepared = prepareMask(known);
    const measured = await measure({ task: () => maskOnly(prepared, block) });
    rows.push(rowOf({ name, unit: 'MB/s', measured, target: { atLeast: 20 } }));
  }
  return rows;
}

async function prepareRow(): Promise<BenchRow> {
  const secrets = someSecrets();
  const measured = await measure({ warmup: 3, runs: 15, task: () => void prepareMask(secrets) });
  return rowOf({ name: 'preparing the 20 secrets, once a run', unit: 'ms', measured, target: { atMost: 50 } });
}

function maskOnly(prepared: PreparedMask, block: Buffer): Promise<number> {
  return timed(block.length, async () => {
    const mask = prepared.open();
    await feed(block, 1, async (chunk) => void mask.push(chunk));
    mask.end();
  });
}

async function copyPlainly({ path, block, repeats }: { path: string; block: Buffer; repeats: number }): Promise<number> {
  const figure = await timed(block.length * repeats, async () => {
    const hash = createHash('sha256');
    const file = await open(path, 'a');
    await feed(block, repeats, async (chunk) => {
      hash.update(chunk);
      await file.write(chunk);
    });
    await file.close();
    hash.digest('hex');
  });
  await rm(path);
  return figure;
}

async function feed(block: Buffer, repeats: number, write: (chunk: Buffer) => Promise<void>, everyBlock?: () => void): Promise<void> {
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (let at = 0; at < block.length; at += chunkBytes) await write(block.subarray(at, at + chunkBytes));
    everyBlock?.();
  }
}

/** Megabytes (10^6 bytes) a second. */
async function timed(bytes: number, task: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await task();
  return bytes / 1000 / (performance.now() - startMs);
}

/** 19 passwords, tokens and URLs, and a private key; the same each time. */
function someSecrets(): Secret[] {
  const random = (name: string, bytes: number) => createHash('shake256', { outputLength: bytes }).update(name).digest();
  const values = Array.from({ length: 19 }, (_, at) => {
    if (at % 4 === 0) return `postgres://app:${random(`p${at}`, 15).toString('base64')}@db:5432/app?x=${at}`;
    if (at % 4 === 1) return random(`h${at}`, 20).toString('hex');
    if (at % 4 === 2) return `pä"ss w/${at} ${random(`w${at}`, 6).toString('base64')}`;
    return random(`t${at}`, 30).toString('base64url');
  });
  const key = random('key', 1200).toString('base64').replace(/.{64}/g, '$&\n');
  const secrets = values.map((value, at) => ({ name: `SECRET_${at}`, value }));
  return [...secrets, { name: 'KEY', value: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----` }];
}

/** Build output with secrets in it, and what has to come of it: made apart from the masking that is measured. */
function buildOutput(secrets: readonly Secret[]): { block: Buffer; masked: Buffer } {
  const lines: string[] = [];
  const masked: string[] = [];
  for (let at = 0; at < blockLines; at += 1) {
    const line = `2026-11-23T10:00:${String(at % 60).padStart(2, '0')}.${at % 1000}Z [web] GET /api/v1/items/${at}?page=${at % 7} 200 in ${at % 97} ms – готово`;
    const secret = at % 100 === 0 ? secrets[(at / 100) % 19]!.value : undefined;
    const form = secret === undefined ? '' : [secret, Buffer.from(secret).toString('hex'), encodeURIComponent(secret)][(at / 100) % 3]!;
    lines.push(secret === undefined ? line : `${line} token=${form};`);
    masked.push(secret === undefined ? line : `${line} token=***;`);
  }
  return { block: Buffer.from(`${lines.join('\n')}\n`), masked: Buffer.from(`${masked.join('\n')}\n`) };
}

function checksumOfRepeats(block: Buffer, repeats: number): string {
  const hash: Hash = createHash('sha256');
  for (let repeat = 0; repeat < repeats; repeat += 1) hash.update(block);
  return hash.digest('hex');
}
