import { RedControlError } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { changeConfigFile } from '../cli/change-config-file.ts';
import { readConfigFile } from '../cli/find-config.ts';
import { fingerprintOf } from '@redcontrol/client/host-key';

/** `redcontrol people remove NAME|FINGERPRINT` */
export function definePeopleRemove(command: Command, cli: Cli): void {
  command
    .argument('<who>', 'name, or the fingerprint of one key')
    .addHelpText('after', '\nOnly redcontrol.yml is changed; `redcontrol apply` brings it to the servers, and their next connection is refused.')
    .action(action(cli, async (context, _options: object, who: string) => {
      const file = await readConfigFile(context);
      const { config } = file;
      const found = config.people.flatMap(({ name, key }, index) => (name === who || fingerprintOf(key.split(' ')[1] ?? '') === who ? [index] : []));
      const [index] = found;
      if (index === undefined) throw new RedControlError('NOT_FOUND', `Expected one of ${config.people.map(({ name }) => name).join(', ') || 'the people, of whom there are none'}, got ${JSON.stringify(who)}`);
      if (found.length > 1) throw new RedControlError('USAGE', `Expected one key, ${JSON.stringify(who)} has ${found.length}`, { hint: 'Name the key by its fingerprint: redcontrol people list' });
      await changeConfigFile(context, { file, change: ['people', index], value: undefined });
      const removed = config.people[index];
      if (context.out.json) return context.out.printJson({ name: removed?.name, removed: true });
      context.out.print(`${context.out.colors.green('✓')} ${removed?.name} is removed. Bring it to the servers: redcontrol apply`);
    }));
}
