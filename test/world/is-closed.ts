import { connect } from 'node:net';

/** Whether nothing listens at the port of a URL of this machine. A new connection: one that is kept open may still be answered. */
export function isClosed(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const end = (isRefused: boolean) => {
      socket.destroy();
      resolve(isRefused);
    };
    socket.once('connect', () => end(false));
    socket.once('error', () => end(true));
  });
}
