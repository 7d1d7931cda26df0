import { existsSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import * as dbusNative from '@homebridge/dbus-native';
import { RedControlError } from '@redcontrol/contract';

/** The part of the library that is used; its own types leave most of it out. */
interface NativeBus {
  connection: { on(name: 'error' | 'end', listener: (error?: Error) => void): void; end(): void };
  signals: { on(name: string, listener: (body: unknown[]) => void): void };
  mangle(path: string, face: string, member: string): string;
  invoke(message: BusCall, answer: (error: { name?: string; message?: unknown } | null, ...values: unknown[]) => void): void;
  addMatch(rule: string, done: (error: unknown) => void): void;
}
const { createClient } = dbusNative as unknown as { createClient(options: { stream: Socket }): NativeBus };

export interface BusCall { destination: string; path: string; interface: string; member: string; signature?: string; body?: unknown[] }

export interface SessionBus {
  /** Calls a method and gives its values. Throws COMMAND_FAILED with the bus's own words, or after 10 s. */
  call(call: BusCall): Promise<unknown[]>;
  /** Hears a signal from now on. */
  onSignal(of: { path: string; interface: string; member: string }, listener: (body: unknown[]) => void): Promise<void>;
  readonly isOpen: boolean;
  close(): void;
}

const callTimeoutMs = 10_000;

/** Connects to the user's D-Bus session. Throws COMMAND_FAILED when there is none. */
export function openSessionBus(variables: Record<string, string | undefined>): SessionBus {
  const path = socketPath(variables);
  if (path === undefined) throw new RedControlError('COMMAND_FAILED', 'Expected a D-Bus session, got none');
  const stream = connect(path);
  const bus = createClient({ stream });
  const failed = new Set<(error: Error) => void>();
  let open = true;
  const end = (cause?: Error) => {
    open = false;
    for (const tell of failed) tell(new RedControlError('COMMAND_FAILED', `Expected a D-Bus session, got ${cause?.message ?? 'its end'}`, { cause }));
    failed.clear();
  };
  bus.connection.on('error', end);
  bus.connection.on('end', end);
  stream.on('close', () => end());

  const bounded = <T>(start: (resolve: (value: T) => void, reject: (error: Error) => void) => void) => new Promise<T>((resolve, reject) => {
    if (!open) return reject(new RedControlError('COMMAND_FAILED', 'Expected a D-Bus session, it has ended'));
    const timer = setTimeout(() => settle(() => reject(new RedControlError('COMMAND_FAILED', `Expected an answer on D-Bus within ${callTimeoutMs / 1000} s`))), callTimeoutMs);
    const fail = (error: Error) => settle(() => reject(error));
    const settle = (tell: () => void) => {
      clearTimeout(timer);
      failed.delete(fail);
      tell();
    };
    failed.add(fail);
    start((value) => settle(() => resolve(value)), fail);
  });
  return {
    get isOpen() { return open; },
    call: (call) => bounded((resolve, reject) => bus.invoke(call, (error, ...values) => {
      if (error) reject(new RedControlError('COMMAND_FAILED', `Expected ${call.member} to succeed, got ${error.name ?? 'an error'}: ${String(error.message ?? '')}`));
      else resolve(values);
    })),
    onSignal(of, listener) {
      bus.signals.on(bus.mangle(of.path, of.interface, of.member), listener);
      const rule = `type='signal',path='${of.path}',interface='${of.interface}',member='${of.member}'`;
      return bounded((resolve, reject) => bus.addMatch(rule, (error) => (error ? reject(new RedControlError('COMMAND_FAILED', `Expected to hear ${of.member} on D-Bus`)) : resolve(undefined))));
    },
    close: () => void bus.connection.end(),
  };
}

/** The socket of the first unix address (D-Bus specification, "Server Addresses"); abstract ones begin with a zero byte. */
function socketPath(variables: Record<string, string | undefined>): string | undefined {
  for (const address of (variables.DBUS_SESSION_BUS_ADDRESS ?? '').split(';')) {
    const [transport, list = ''] = address.split(/:(.*)/s);
    if (transport !== 'unix') continue;
    const parts = new Map(list.split(',').map((part) => [part.slice(0, part.indexOf('=')), decodeURIComponent(part.slice(part.indexOf('=') + 1))]));
    const abstract = parts.get('abstract');
    if (abstract !== undefined) return `\0${abstract}`;
    if (parts.has('path')) return parts.get('path');
  }
  // Where systemd puts a user's bus; a service may be started without the variable.
  const usual = variables.XDG_RUNTIME_DIR ? join(variables.XDG_RUNTIME_DIR, 'bus') : undefined;
  return usual !== undefined && existsSync(usual) ? usual : undefined;
}
