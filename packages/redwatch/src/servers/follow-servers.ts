import { createBell } from '@redcontrol/client/runs/bell';
import type { CommandContext } from '../cli/command-context.ts';
import { leaveServers, meetServer, meetServers, type MetServer } from './find-project.ts';

/** Times move on, and a server that was out of reach is met again. */
const lookAgainMs = 10_000;

/** Keeps conversations with all servers and calls `look` with them at once, at each event and every ten seconds, until the signal fires. */
export async function followServers(context: CommandContext, look: (met: readonly MetServer[]) => Promise<void>): Promise<void> {
  const { signal, cli } = context;
  const change = createBell();
  let met = await Promise.all((await meetServers(context)).map((one) => follow(one, { context, ring: change.ring })));
  let metAt = cli.now();
  try {
    for (;;) {
      await look(met).catch(async (thrown: unknown) => {
        if (signal.aborted) throw thrown;
        await leaveServers(met);
        met = await Promise.all((await meetServers(context)).map((one) => follow(one, { context, ring: change.ring })));
        await look(met);
      });
      await change.next(signal, lookAgainMs);
      if (cli.now() - metAt < lookAgainMs) continue;
      metAt = cli.now();
      met = await Promise.all(met.map(async (one) => ('error' in one ? follow(await meetServer(one.server, context), { context, ring: change.ring }) : one)));
    }
  } catch (thrown) {
    // Ctrl-C is how it is meant to end.
    if (!signal.aborted) throw thrown;
  } finally {
    await leaveServers(met);
  }
}

async function follow(one: MetServer, { context, ring }: { context: CommandContext; ring: () => void }): Promise<MetServer> {
  if (!('client' in one)) return one;
  one.client.on('event', ring);
  await one.client.call('events.follow', {}, { signal: context.signal });
  return one;
}
