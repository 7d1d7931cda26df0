import { createContext, useContext, useEffect, useSyncExternalStore } from 'react';
import { useMutation, useQuery, useQueryClient, type QueryClient, type UseQueryResult } from '@tanstack/react-query';
import type { ControlMethodName, ControlNotificationBody, ControlNotificationName, ControlParams, ControlResult, MethodName, Params, RedControlError, Result, ServerLink } from '@redcontrol/contract';
import type { ConnectionState, ControlConnection } from './control-connection.ts';
import { createReadAgain } from './read-again.ts';

export const ControlContext = createContext<ControlConnection | undefined>(undefined);

export function useConnection(): ControlConnection {
  const connection = useContext(ControlContext);
  if (!connection) throw new Error('Expected a connection around this part of the page');
  return connection;
}

export function useConnectionState(): ConnectionState {
  const connection = useConnection();
  return useSyncExternalStore((listener) => connection.onState(listener), () => connection.state);
}

export function useControl<M extends ControlMethodName>(method: M, params: ControlParams<M>, options: { enabled?: boolean; staleTime?: number } = {}): UseQueryResult<ControlResult<M>, RedControlError> {
  const connection = useConnection();
  return useQuery<ControlResult<M>, RedControlError>({
    queryKey: ['control', method, params],
    queryFn: ({ signal }) => connection.call(method, params, signal),
    ...options,
  });
}

/** An answer of a server's daemon; `old` when the server is out of reach and this is what it said at `at`. */
export interface DaemonAnswer<M extends MethodName> {
  result: Result<M>;
  at: number;
  old: boolean;
}

export function useDaemon<M extends MethodName>(server: string, method: M, params: Params<M>, options: { enabled?: boolean; refetchInterval?: number } = {}): UseQueryResult<DaemonAnswer<M>, RedControlError> {
  const connection = useConnection();
  return useQuery<DaemonAnswer<M>, RedControlError>({
    queryKey: ['daemon', server, method, params],
    queryFn: ({ signal }) => callDaemon(connection, { server, method, params, signal }),
    ...options,
  });
}

export async function callDaemon<M extends MethodName>(connection: ControlConnection, { server, method, params, signal }: { server: string; method: M; params: Params<M>; signal?: AbortSignal }): Promise<DaemonAnswer<M>> {
  return (await connection.call('daemon.call', { server, method, params }, signal)) as DaemonAnswer<M>;
}

/** A change asked of a daemon; what is shown of that server is read again afterwards. */
export function useDaemonAction<M extends MethodName>(server: string, method: M) {
  const connection = useConnection();
  const queries = useQueryClient();
  return useMutation<Result<M>, RedControlError, Params<M>>({
    mutationFn: async (params) => (await callDaemon(connection, { server, method, params })).result,
    onSettled: () => queries.invalidateQueries({ queryKey: ['daemon', server] }),
  });
}

export function useControlAction<M extends ControlMethodName>(method: M, changes: ControlMethodName[] = []) {
  const connection = useConnection();
  const queries = useQueryClient();
  return useMutation<ControlResult<M>, RedControlError, ControlParams<M>>({
    mutationFn: (params) => connection.call(method, params),
    onSuccess: () => Promise.all(changes.map((name) => queries.invalidateQueries({ queryKey: ['control', name] }))),
  });
}

export function useNotification<N extends ControlNotificationName>(name: N, listener: (body: ControlNotificationBody<N>) => void): void {
  const connection = useConnection();
  useEffect(() => connection.on(name, listener), [connection, name, listener]);
}

const gatherMs = 150;

/** Keeps what the page shows true: what control tells of makes the matching answers be read again. */
export function followControl(connection: ControlConnection, queries: QueryClient): void {
  const readAgain = createReadAgain(queries);
  const changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const refresh = (server: string) => {
    changed.add(server);
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const one of changed) readAgain({ queryKey: ['daemon', one] });
      changed.clear();
    }, gatherMs);
  };
  connection.on('daemon.event', ({ server }) => refresh(server));
  connection.on('server.state', (link) => {
    queries.setQueryData<ServerLink[]>(['control', 'servers.list', {}], (known) => known?.map((one) => (one.id === link.id ? link : one)));
    refresh(link.id);
  });
  connection.on('servers.changed', () => {
    readAgain({ queryKey: ['control', 'servers.list'] });
    readAgain({ queryKey: ['control', 'projects.list'] });
  });
  connection.on('config.changed', () => readAgain({ queryKey: ['control', 'projects.list'] }));
  connection.on('apply.changed', (job) => queries.setQueryData(['control', 'apply.show', { job: job.id }], job));
  connection.onState((state) => {
    if (state === 'open') readAgain({});
  });
}
