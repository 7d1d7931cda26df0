import type { EnvironmentState, ProjectState } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { withEachServer } from '../cli/connect.ts';
import { reportUnreachable } from '../cli/report-unreachable.ts';
import { channelStateText } from '../output/channel-words.ts';
import type { Colors, Output } from '../output/output.ts';
import { plainLine } from '../output/plain-text.ts';
import { relativeTime } from '../output/relative-time.ts';
import { runStatusText, runSubject } from '../output/run-words.ts';
import { printTable } from '../output/table.ts';

/** `redcontrol status` */
export function defineStatus(command: Command, cli: Cli): void {
  command.action(action(cli, async (context) => {
    const states: { server: string; state: ProjectState }[] = [];
    const unreachable = await withEachServer(context, async ({ client, server, project }) => {
      const state = await client.call('project.show', { project }, { signal: context.signal });
      states.push({ server, state });
      if (!context.out.json) printProject(context, server, state);
    });
    if (context.out.json) context.out.printJson(states.map(({ server, state }) => ({ server, ...state })));
    reportUnreachable(context.out, unreachable);
  }));
}

function printProject({ out, cli }: CommandContext, server: string, state: ProjectState): void {
  const { colors } = out;
  out.print(`${colors.bold(state.name)} on ${server}, revision ${state.revision}`);
  out.print(`source      ${sourceText(state, { colors, now: cli.now() })}`);
  const run = state.lastRun;
  out.print(`last run    ${run ? `${run.id} ${runStatusText(run.status, colors)} ${relativeTime(run.finishedAt ?? run.createdAt, cli.now())}, ${runSubject(run, colors)}` : 'none yet'}`);
  if (state.queuedRuns > 0) out.print(`queued      ${state.queuedRuns} ${state.queuedRuns === 1 ? 'run' : 'runs'}`);
  out.print();
  printTable(out, state.environments, {
    empty: 'No environments.',
    columns: [
      { title: 'ENVIRONMENT', cell: ({ name }) => name },
      { title: 'STATE', cell: (environment) => `${healthText(environment, colors)}${environment.paused ? colors.yellow(', paused') : ''}${environment.maintenance ? colors.yellow(', maintenance') : ''}` },
      { title: 'LIVE', cell: ({ live }) => (live ? `#${live.number} ${plainLine(live.ref)} ${live.commit.slice(0, 7)}` : '–'), flexible: true },
      { title: 'SINCE', cell: ({ live }) => relativeTime(live?.liveAt, cli.now()) },
      { title: 'DATABASE', cell: ({ database }) => (database ? `${database.engine} ${database.version}${database.state === 'ready' ? '' : ` ${colors.yellow(database.state)}`}` : '–') },
      { title: 'URL', cell: ({ url }) => url },
    ],
  });
  printApps(out, state.environments);
  for (const environment of state.environments) {
    if (environment.certificateError) out.note(`${colors.yellow('!')} certificate of ${environment.name}: ${plainLine(environment.certificateError)}`);
    if (environment.preview) out.note(`${colors.dim('·')} ${environment.name} is the preview of ${plainLine(environment.preview.branch)}`);
    if (environment.database?.error) out.note(`${colors.yellow('!')} database of ${environment.name}: ${plainLine(environment.database.error)}`);
  }
  for (const channel of state.channels ?? []) {
    if (channel.state === 'failing' || channel.state === 'no-secret') out.note(`${colors.yellow('!')} channel ${channel.name}: ${channelStateText(channel, colors)}${channel.error === null ? '' : `: ${plainLine(channel.error)}`}`);
  }
}

/** A line for each of several apps. */
function printApps(out: Output, environments: readonly EnvironmentState[]): void {
  const rows = environments.flatMap(({ name, apps = [] }) => apps.map((app) => ({ environment: name, ...app })));
  if (rows.length === 0) return;
  out.print();
  printTable(out, rows, {
    empty: '',
    columns: [
      { title: 'APP', cell: ({ environment, name }) => `${environment}/${name}` },
      { title: 'STATE', cell: ({ url, health }) => (url === null ? out.colors.dim('○ no web process') : healthText({ health }, out.colors)) },
      { title: 'LIVE', cell: ({ release, commit }) => `#${release} ${commit.slice(0, 7)}` },
      { title: 'INSTANCES', cell: ({ instances }) => String(instances), align: 'right' },
      { title: 'URL', cell: ({ url }) => url ?? '–' },
    ],
  });
}

function healthText({ health }: Pick<EnvironmentState, 'health'>, colors: Colors): string {
  switch (health) {
    case 'up': return colors.green('● up');
    case 'down': return colors.red('✗ down');
    case 'deploying': return colors.cyan('▶ deploying');
    case 'stopped': return colors.yellow('‖ stopped');
    case 'never': return colors.dim('○ never deployed');
  }
}

function sourceText({ repository, source }: ProjectState, { colors, now }: { colors: Colors; now: number }): string {
  const where = plainLine(repository);
  switch (source.state) {
    case 'following': return `${colors.green('●')} ${where}, looked at ${relativeTime(source.checkedAt, now)}, ${source.branches} branches, ${source.tags} tags`;
    case 'waiting': return `${colors.dim('○')} ${where}, not looked at yet`;
    case 'empty': return `${colors.yellow('!')} ${where} has no commits yet`;
    case 'unreachable': return `${colors.red('✗')} ${where} cannot be reached: ${plainLine(source.error ?? 'no reason')}; next try ${relativeTime(source.nextCheckAt, now)}`;
  }
}
