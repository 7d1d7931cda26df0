import { notYetUsed, pathText, type Operation, type ProjectConfig } from '@redcontrol/contract';
import type { ServerPlan } from '../apply/plan-server.ts';
import type { Output } from './output.ts';
import { plainLine } from './plain-text.ts';

/** Prints what a plan would do on a server, in words; what stays as it is only as a number. */
export function printPlan(out: Output, plan: ServerPlan): void {
  const { colors } = out;
  out.print(colors.bold(plan.server));
  if (plan.installSkipped) out.print(`  ${colors.yellow('!')} the installation was not looked at: ${plan.installSkipped}`);
  const operations = [...plan.install, ...plan.project];
  const changes = operations.filter(({ kind }) => kind !== 'keep');
  for (const operation of changes) printOperation(out, operation);
  const kept = operations.length - changes.length;
  if (changes.length === 0) out.print(`  ${colors.green('✓')} everything is as the configuration says`);
  else if (kept > 0) out.print(colors.dim(`  = ${kept} ${kept === 1 ? 'thing stays' : 'things stay'} as ${kept === 1 ? 'it is' : 'they are'}`));
  for (const { environment, name } of plan.missingSecrets) out.print(`  ${colors.yellow('!')} secret ${name} of ${environment} is not set: redcontrol secret set ${name} -e ${environment}`);
}

/** Prints what the configuration asks for and this version does not do. */
export function printNotYetUsed({ colors, print }: Pick<Output, 'colors' | 'print'>, config: ProjectConfig): void {
  for (const { path, text } of notYetUsed(config)) print(`${colors.yellow('!')} ${plainLine(`${pathText(path)}: ${text}`)}`);
}

/** Whether a plan changes anything. */
export function changesAnything({ install, project }: Pick<ServerPlan, 'install' | 'project'>): boolean {
  return [...install, ...project].some(({ kind }) => kind !== 'keep');
}

function printOperation(out: Output, operation: Operation): void {
  const { colors } = out;
  const mark = { create: colors.green('+'), change: colors.yellow('~'), remove: colors.red('-'), run: colors.cyan('>'), keep: colors.dim('=') }[operation.kind];
  out.print(`  ${mark} ${plainLine(operation.description)}`);
  if (operation.warning) out.print(`    ${colors.yellow(`! ${plainLine(operation.warning)}`)}`);
}
