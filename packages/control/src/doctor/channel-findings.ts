import type { ChannelState } from '@redcontrol/contract';
import type { Finding } from './finding.ts';

/** A channel that messages do not get through is told; that its secret is missing is found apart. */
export function channelFindings({ name, kind, state, error, waiting, lost }: ChannelState): Finding[] {
  const about = `channel ${name}`;
  switch (state) {
    case 'ok': return [{ about, level: 'ok', text: `${kind}: messages get through` }];
    case 'waiting': return [{ about, level: 'ok', text: `${kind}: ${waiting} on the way` }];
    case 'failing': return [{ about, level: 'fail', text: `Expected ${kind} to take messages, got: ${error ?? 'no answer'}; ${waiting} wait, ${lost} given up`, remedy: `Put right what it says, then try it: redcontrol channel test ${name}` }];
    case 'no-secret': return [];
  }
}
