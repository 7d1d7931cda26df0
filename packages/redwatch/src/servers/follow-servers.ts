import { createBell } from '@redcontrol/client/runs/bell';
import type { CommandContext } from '../cli/command-context.ts';
import { leaveServers, meetServer, meetServers, type MetServer } from './find-project.ts';

/** Times move on, and a server that was out of reach is met again. */
const lookAgainMs = 10_000;

/** Keeps conversations with all servers and calls `look` with them and their projects as they are now: at once, at each event and every ten seconds, until the signal fires. */
export async function followServers(context: CommandContext, look: (met: readonly MetServer[]) => Promise<void>): Promise<void> {
  const { signal, cli } = context;
  const change = createBell();
  const listen = (one: MetServer) => follow(one, { signal, ring: change.ring });
  const meet = async () => Promise.all((await meetServers(context)).map(listen));
  const lookNow = async () => look(await Promise.all(met.map((one) => withProjects(one, signal))));
  let met = await meet();
  let metAt = cli.now();
  try {
    for (;;) {
      await lookNow().catch(async (thrown: unknown) => {
        if (signal.aborted) throw thrown;
        await leaveServers(met);
        met = await meet();
        await lookNow();
      });
      await change.next(signal, lookAgainMs);
      if (cli.now() - metAt < lookAgainMs) continue;
      metAt = cli.now();
      met = await Promise.all(met.map(async (one) => ('error' in one ? listen(await meetServer(one.server, context)) : one)));
    }
  } catch (thrown) {
    // Ctrl-C is how it is meant to end.
    if (!signal.aborted) throw thrown;
  } finally {
    await leaveServers(met);
  }
}

async function follow(one: MetServer, { signal, ring }: { signal: AbortSignal; ring: () => void }): Promise<MetServer> {
  if (!('client' in one)) return one;
  one.client.on('event', ring);
  await one.client.call('events.follow', {}, { signal });
  return one;
}

async function withProjects(one: MetServer, signal: AbortSignal): Promise<MetServer> {
  return 'client' in one ? { ...one, projects: await one.client.call('project.list', {}, { signal }) } : one;
}
