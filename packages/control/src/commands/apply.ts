import { RedControlError, type ProjectConfig } from '@redcontrol/contract';
import type { Command } from 'commander';
import { applyProject, applyServer, type ServerApplied } from '../apply/apply-server.ts';
import { secretCommand } from '../apply/missing-secrets.ts';
import { planConfig, type ConfigPlan } from '../apply/plan-config.ts';
import { plansAsJson } from '../apply/plans-as-json.ts';
import { webhookUrl } from '../apply/webhook-url.ts';
import { askYes } from '../cli/ask.ts';
import type { Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { openSocket, withClient } from '../cli/connect.ts';
import { changesAnything, printNotYetUsed, printPlan } from '../output/plan-lines.ts';
import { withHint } from '../runs/watch-run.ts';

interface ApplyCommandOptions {
  dryRun?: boolean;
  yes?: boolean;
  install: boolean;
}

/** `redcontrol apply [--dry-run] [--yes]` */
export function defineApply(command: Command, cli: Cli): void {
  command
    .option('--dry-run', 'only show what would be done')
    .option('-y, --yes', 'do not ask')
    .option('--no-install', 'only the project, not the server\'s installation')
    .addHelpText('after', '\nInstalls RedControl on the servers where it is missing, and brings the project to what the configuration says.\nApplying again changes nothing; after a failure or Ctrl-C it goes on where it stopped.')
    .action(action(cli, async (context, options: ApplyCommandOptions) => {
      const { out } = context;
      const planned = await planConfig(context, { install: options.install });
      if (options.dryRun && out.json) return out.printJson(plansAsJson(planned.plans, planned.config));
      for (const plan of planned.plans) printPlan(out, plan);
      printNotYetUsed(out, planned.config);
      if (options.dryRun) return;
      // Where nothing changes it is applied all the same: an apply that was cut may have left something undone.
      if (planned.plans.some(changesAnything) && !options.yes && !(await askYes(context, { message: 'Do this?', instead: 'Say it with --yes, or look only with --dry-run.' }))) throw new RedControlError('CANCELLED', 'Cancelled: nothing was changed');
      const applied = await applyPlans(context, planned);
      if (out.json) return out.printJson(applied);
      for (const one of applied) printNext(context, planned.config, one);
    }));
}

async function applyPlans(context: CommandContext, { config, text, plans }: ConfigPlan): Promise<ServerApplied[]> {
  const applied: ServerApplied[] = [];
  for (const plan of plans) {
    context.out.note(`\n${context.out.colors.bold(plan.server)}`);
    const options = { config, text, server: plan.server };
    const work = context.global.socket === undefined
      ? applyServer(context, plan, options)
      : withClient(await openSocket(context), (client) => applyProject(context, client, { ...options, plan }));
    applied.push(await work.catch((thrown: unknown) => {
      throw withHint(thrown, 'What was done stays done. Run `redcontrol apply` again: it goes on where it stopped.');
    }));
  }
  return applied;
}

function printNext({ out }: CommandContext, config: ProjectConfig, { server, revision, state, missingSecrets }: ServerApplied): void {
  const { colors } = out;
  out.print(`\n${colors.green('✓')} ${config.project} is set up on ${server} (revision ${revision}).`);
  if (state.source.state !== 'following') {
    out.print('\nIf the repository is private, give its host this deploy key (reading is enough):');
    out.print(`  ${state.deployKey.trim()}`);
  }
  if (missingSecrets.length > 0) out.print('\nSecrets that are waited for:');
  for (const secret of missingSecrets) out.print(`  ${secretCommand(secret)}`);
  out.print('\nWhat happens next:');
  for (const { name, url } of state.environments) {
    const rule = config.environments[name]?.deploy;
    if (rule) out.print(`  ${rule.tag === undefined ? `a push to ${rule.branch}` : `a tag ${rule.tag} on ${rule.branch}`} deploys to ${name}: ${url}`);
  }
  out.print(`\nPushes are found within ${config.source.poll}; at once with a webhook to ${webhookUrl(config, server, state.webhookPath)} (its secret: redcontrol webhook).`);
  out.print('See it: redcontrol status, redcontrol runs');
}
