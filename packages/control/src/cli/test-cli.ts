import { Readable, Writable } from 'node:stream';
import { runCli } from '../run-cli.ts';
import type { Cli } from './cli.ts';

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface TestCliOptions {
  folder: string;
  input?: string;
  /** Columns of the terminal that standard output is; left out: no terminal. */
  columns?: number;
  now?: number;
  signal?: AbortSignal;
  variables?: Record<string, string>;
}

/** Runs a command line in this process, with streams that are kept. */
export async function runTestCli(args: readonly string[], options: TestCliOptions): Promise<CliResult> {
  const stdout = kept(options.columns);
  const stderr = kept(undefined);
  const cli: Cli = {
    stdin: Readable.from(options.input === undefined ? [] : [options.input]),
    stdout, stderr,
    folder: options.folder,
    variables: options.variables ?? {},
    now: () => options.now ?? Date.now(),
    signal: options.signal ?? new AbortController().signal,
  };
  const code = await runCli(cli, args);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function kept(columns: number | undefined) {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return Object.assign(stream, { text: () => Buffer.concat(chunks).toString(), ...(columns === undefined ? {} : { isTTY: true, columns }) });
}
