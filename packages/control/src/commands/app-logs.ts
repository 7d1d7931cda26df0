import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Option, type Command } from 'commander';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import type { Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { positiveNumber } from '../cli/number-argument.ts';
import { sinceTime } from '../cli/since-time.ts';
import { createLogFilter } from '../output/log-filter.ts';

interface LogOptions extends EnvironmentOptions {
  lines: number;
  follow?: boolean;
  since?: string;
  process?: string;
  grep?: string;
}

/** `redcontrol app logs -e ENVIRONMENT [-f]` */
export function defineAppLogs(command: Command, cli: Cli): void {
  command
    .addOption(environmentOption())
    .option('-n, --lines <number>', 'how many lines', positiveNumber, 200)
    .option('-f, --follow', 'go on with what it prints from now on, over releases too')
    .addOption(new Option('--since <time>', 'only what was printed since: 10m ago, or a time such as 2027-05-01T03:00Z'))
    .option('-p, --process <name>', 'only this process')
    .option('--grep <text>', 'only lines that contain this text, as it is written')
    .action(action(cli, async (context, options: LogOptions) => {
      const environment = await chosenEnvironment(context, options);
      const choice = {
        ...(options.process === undefined ? {} : { process: options.process }), ...(options.grep === undefined ? {} : { grep: options.grep }),
        ...(options.since === undefined ? {} : { since: sinceTime(options.since, cli.now()) }),
      };
      await withProject(context, { environment }, async ({ client, project }) => {
        const lines = Math.min(options.lines, 10_000);
        if (options.follow) return followLogs(context, client, { project, environment, lines, ...choice });
        const { text } = await client.call('environment.logs', { project, environment, lines, ...choice }, { signal: context.signal });
        if (context.out.json) return context.out.printJson({ environment, text });
        const filter = createLogFilter();
        cli.stdout.write(cli.stdout.isTTY ? filter.push(Buffer.from(text)) + filter.end() : text);
      });
    }));
}

async function followLogs({ cli, out, signal }: CommandContext, client: DaemonClient, log: { project: string; environment: string; lines: number }): Promise<void> {
  const token = randomUUID();
  const filters = new Map<string, ReturnType<typeof createLogFilter>>();
  let writing = Promise.resolve();
  const stop = client.on('app-log', ({ token: of, process, instance, text }) => {
    if (of !== token) return;
    if (out.json) return out.printJsonLine({ process, instance, text });
    const name = `${process} ${instance}`;
    const filter = filters.get(name) ?? createLogFilter();
    filters.set(name, filter);
    const shown = cli.stdout.isTTY ? filter.push(Buffer.from(text)) : text;
    const lines = shown.split(/(?<=\n)/).map((line) => `${out.colors.cyan(name)} ${line}`).join('');
    writing = writing.then(async () => {
      if (shown !== '' && !cli.stdout.write(lines)) await once(cli.stdout, 'drain');
    });
  });
  try {
    await client.call('app.follow', { token, ...log }, { signal });
  } finally {
    stop();
    await writing;
  }
}
