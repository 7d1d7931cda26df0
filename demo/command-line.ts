import { writeFileAtomic, quoteForShell, runOrThrow, runToEnd, spawnProcess } from '@redcontrol/system';
import type { ProjectState, RunDetails, RunRecord } from '@redcontrol/contract';
import { once } from 'node:events';
import { join } from 'node:path';
import { places } from './places.ts';
import { tellCommand } from './tell.ts';

/** Writes the demo's own `redcontrol`: the bundled program with the demo's configuration and SSH settings. */
export async function writeCommand(): Promise<void> {
  const words = [process.execPath, join(places.programs, 'redcontrol.mjs'), '--config', places.config, '--ssh-config', places.sshConfig];
  await writeFileAtomic(places.command, `#!/bin/sh\nexec ${words.map(quoteForShell).join(' ')} "$@"\n`, 0o755);
}

/** Runs the command line as you would, with its output; an exit code other than 0 is answered, not thrown. */
export async function redcontrol(...args: string[]): Promise<number> {
  tellCommand(`redcontrol ${args.map(quoteForShell).join(' ')}`);
  const child = spawnProcess(places.command, args, { stdin: 'ignore', stdout: 'inherit', stderr: 'inherit', group: false });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

export async function mustRedcontrol(...args: string[]): Promise<void> {
  const code = await redcontrol(...args);
  if (code !== 0) throw new Error(`Expected redcontrol ${args.join(' ')} to succeed, got exit code ${code}`);
}

export async function projectState(): Promise<ProjectState> {
  const projects = (await askJson('project', 'list')) as ProjectState[];
  const [project] = projects;
  if (!project) throw new Error('Expected a project on the server, got none');
  return project;
}

/** The run of a commit, once the server has found it. */
export async function runOf(commit: string, timeoutMs = 120_000): Promise<RunRecord> {
  await runToEnd(places.command, ['look']);
  for (const end = Date.now() + timeoutMs; ; ) {
    const runs = (await askJson('runs')) as RunRecord[];
    const found = runs.find((run) => run.commit === commit);
    if (found) return found;
    if (Date.now() > end) throw new Error(`Expected a run of commit ${commit.slice(0, 8)} within ${timeoutMs / 1000} s, got none`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

export async function runDetails(run: number): Promise<RunDetails> {
  return (await askJson('run', 'show', String(run))) as RunDetails;
}

/** What a command prints. */
export async function askText(...args: string[]): Promise<string> {
  return (await runOrThrow(places.command, args, { timeoutMs: 60_000 })).stdout.trim();
}

async function askJson(...args: string[]): Promise<unknown> {
  const { stdout } = await runOrThrow(places.command, ['--json', ...args], { timeoutMs: 60_000 });
  return JSON.parse(stdout);
}
