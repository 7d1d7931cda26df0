import type { Command } from 'commander';
import { planConfig } from '../apply/plan-config.ts';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { plansAsJson } from '../apply/plans-as-json.ts';
import { printNotYetUsed, printPlan } from '../output/plan-lines.ts';

/** `redcontrol plan` */
export function definePlan(command: Command, cli: Cli): void {
  command.option('--no-install', 'only the project, not the server\'s installation').action(action(cli, async (context, { install }: { install: boolean }) => {
    const { config, plans } = await planConfig(context, { install });
    if (context.out.json) return context.out.printJson(plansAsJson(plans, config));
    for (const plan of plans) printPlan(context.out, plan);
    printNotYetUsed(context.out, config);
  }));
}
