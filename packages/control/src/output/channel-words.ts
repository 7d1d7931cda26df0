import type { ChannelState } from '@redcontrol/contract';
import type { Colors } from './output.ts';

/** How a channel does, in a word and a colour. */
export function channelStateText({ state, lost }: Pick<ChannelState, 'state' | 'lost'>, colors: Colors): string {
  switch (state) {
    case 'ok': return colors.green('✓ ok');
    case 'waiting': return colors.cyan('▶ on the way');
    case 'failing': return colors.red(lost > 0 ? `✗ failing, ${lost} given up` : '✗ failing');
    case 'no-secret': return colors.red('✗ its secret is missing');
  }
}
