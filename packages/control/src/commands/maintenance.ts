import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { defineMaintenanceOff } from './maintenance-off.ts';
import { defineMaintenanceOn } from './maintenance-on.ts';

/** `redcontrol maintenance …` */
export function defineMaintenance(command: Command, cli: Cli): void {
  defineMaintenanceOn(command.command('on').description('show visitors a maintenance page instead of the app'), cli);
  defineMaintenanceOff(command.command('off').description('show the app again'), cli);
}
