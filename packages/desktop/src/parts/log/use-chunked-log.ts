import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { callDaemon, useConnection, useNotification } from '../../connection/use-control.ts';
import { ChunkedLog } from './chunked-log.ts';

export interface StepLog {
  server: string;
  run: number;
  step: number;
}

/** The log of a step, growing as the server tells of it. */
export function useChunkedLog({ server, run, step }: StepLog, known: { totalBytes: number; closed: boolean }): ChunkedLog {
  const connection = useConnection();
  const log = useMemo(() => new ChunkedLog(async (offset, limit) => {
    const { result } = await callDaemon(connection, { server, method: 'log.read', params: { run, step, offset, limit } });
    return { bytes: bytesOf(result.data), totalBytes: result.totalBytes, closed: result.closed };
  }), [connection, server, run, step]);
  useEffect(() => log.setLength(known.totalBytes, known.closed), [log, known.totalBytes, known.closed]);
  useNotification('daemon.log', useCallback((told) => {
    if (told.server === server && told.log.run === run && told.log.step === step) log.setLength(told.log.totalBytes, told.log.closed);
  }, [log, server, run, step]));
  useNotification('server.state', useCallback((link) => {
    if (link.id === server && link.state === 'reachable') log.retry();
  }, [log, server]));
  useSyncExternalStore(log.subscribe, log.snapshot);
  return log;
}

function bytesOf(base64: string): Uint8Array {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}
