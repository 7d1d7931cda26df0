import { RedControlError, serversOf, type ProjectConfig } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { eachServerTarget } from '../cli/each-server-target.ts';
import { checkServer, type ServerFinding } from '../install/index.ts';

/** `redcontrol server check` */
export function defineServerCheck(command: Command, cli: Cli): void {
  command.action(action(cli, async (context) => {
    const { out } = context;
    const results: { server: string; findings: ServerFinding[] }[] = [];
    await eachServerTarget(context, async ({ server, target, config }) => {
      const findings = await checkServer(target, { domains: domainsOf(config, server), signal: context.signal });
      results.push({ server, findings });
      if (!out.json) printFindings(context, server, findings);
    });
    if (out.json) out.printJson(results);
    const failed = results.filter(({ findings }) => findings.some(({ level }) => level === 'fail')).map(({ server }) => server);
    if (failed.length > 0) throw new RedControlError('SERVER_UNSUPPORTED', `Expected servers that RedControl works on, got problems on ${failed.join(', ')}`, { hint: 'Put right what is marked with ✗.' });
  }));
}

/** Prints findings with their remedies. */
export function printFindings({ out }: CommandContext, server: string, findings: readonly ServerFinding[]): void {
  const { colors } = out;
  const marks = { ok: colors.green('✓'), warn: colors.yellow('!'), fail: colors.red('✗') };
  out.print(colors.bold(server));
  for (const { level, text, remedy } of findings) {
    out.print(`  ${marks[level]} ${text}`);
    if (remedy !== null) out.print(`    ${colors.cyan('hint:')} ${remedy}`);
  }
}

/** Domains that have to lead to a server. */
export function domainsOf(config: ProjectConfig, server: string): string[] {
  const domains = Object.entries(config.environments).filter(([name]) => serversOf(config, name).includes(server)).flatMap(([, { domain }]) => domain ?? []);
  return [...new Set(domains)];
}
