import { frameworkNames } from '@redcontrol/contract';
import { Option, type Command } from 'commander';

/** Options of every command that writes a new configuration: what would else be detected. */
export function addChoiceOptions(command: Command): Command {
  return command
    .option('--repository <url>', 'git URL (default: the remote origin)')
    .addOption(new Option('--framework <name>', 'what the app is written with (default: detected)').choices([...frameworkNames]))
    .option('--root <folder>', 'folder of the app in the repository')
    .option('--branch <name>', 'branch that production is deployed from')
    .option('--test-branch <name>', 'branch that a test environment is deployed from')
    .option('--tag <pattern>', 'only tags like this on that branch deploy to production')
    .option('--force', 'write over a redcontrol.yml that is there');
}
