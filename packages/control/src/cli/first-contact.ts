import type { FirstContact } from '@redcontrol/client/host-key';
import { askYes } from './ask.ts';
import { isInteractive } from './cli.ts';
import type { CommandContext } from './command-context.ts';

/** How a server that is not known yet is met: by the fingerprint given, or by asking, where there is a terminal. */
export function firstContact(context: CommandContext): FirstContact {
  if (context.global.acceptHostKey !== undefined) return { accept: context.global.acceptHostKey };
  if (!isInteractive(context.cli)) return {};
  return {
    ask: async ({ host, port, keys }) => {
      context.out.note(`The server ${host}${port === 22 ? '' : ` port ${port}`} is not known here yet. Its keys are:`);
      for (const { fingerprint, type } of keys) context.out.note(`  ${context.out.colors.bold(fingerprint)} ${type}`);
      return askYes(context, { message: 'Are they the ones that the server\'s provider shows?', instead: 'Give the fingerprint with --accept-host-key.' });
    },
  };
}
