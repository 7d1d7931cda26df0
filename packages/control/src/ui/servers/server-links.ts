import { asRedControlError, RedControlError, type ControlNotificationBody, type ControlNotificationName, type ServerAddress, type ServerLink } from '@redcontrol/contract';
import { systemClock } from '@redcontrol/system';
import { followServer, type FollowedServer, type FollowOptions } from './follow-server.ts';

export interface WantedServer {
  address: ServerAddress;
  names: string[];
}

/** All servers that the page knows, each with its connection. */
export interface ServerLinks {
  list(): ServerLink[];
  /** Throws NOT_FOUND for a server that the page was never told of. */
  get(id: string): FollowedServer;
  /** Follows these servers and lets go of others; none any more once it is closed. */
  follow(wanted: readonly WantedServer[]): void;
  close(): Promise<void>;
}

export interface ServerLinksOptions {
  connect: FollowOptions['connect'];
  notify: <N extends ControlNotificationName>(name: N, body: ControlNotificationBody<N>) => void;
}

export function createServerLinks({ connect, notify }: ServerLinksOptions): ServerLinks {
  const servers = new Map<string, FollowedServer>();
  const leaving = new Set<Promise<void>>();
  let isClosed = false;
  const start = (id: string, { address, names }: WantedServer) =>
    followServer({
      id, address, names, connect, clock: systemClock,
      onState: (link) => notify('server.state', link),
      onEvent: (event) => notify('daemon.event', { server: id, event }),
      onLog: (log) => notify('daemon.log', { server: id, log }),
    });
  const stop = (server: FollowedServer) => {
    const left = server.close().catch((error: unknown) => void asRedControlError(error));
    leaving.add(left);
    void left.then(() => leaving.delete(left));
  };
  return {
    list: () => [...servers.values()].map(({ link }) => link),
    get(id) {
      const server = servers.get(id);
      if (server) return server;
      throw new RedControlError('NOT_FOUND', `Expected a known server, got ${id}`);
    },
    follow(wanted) {
      if (isClosed) return;
      const byId = mergeById(wanted);
      for (const [id, server] of servers) {
        const still = byId.get(id);
        if (still && still.address.user === server.link.user) continue;
        servers.delete(id);
        stop(server);
      }
      for (const [id, one] of byId) {
        const known = servers.get(id);
        if (known) known.setNames(one.names);
        else servers.set(id, start(id, one));
      }
      notify('servers.changed', {});
    },
    async close() {
      isClosed = true;
      for (const server of servers.values()) stop(server);
      servers.clear();
      await Promise.all(leaving);
    },
  };
}

export function serverId({ host, port }: { host: string; port: number }): string {
  return `${host}:${port}`;
}

function mergeById(wanted: readonly WantedServer[]): Map<string, WantedServer> {
  const byId = new Map<string, WantedServer>();
  for (const one of wanted) {
    const id = serverId(one.address);
    const names = [...new Set([...(byId.get(id)?.names ?? []), ...one.names])];
    byId.set(id, { address: byId.get(id)?.address ?? one.address, names });
  }
  return byId;
}
