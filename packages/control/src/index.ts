/** What tests and benches outside this package start of it; the program itself is main.ts. */
export { connectSocket } from './daemon-connection/connect-socket.ts';
export type { DaemonClient } from './daemon-connection/daemon-client.ts';
