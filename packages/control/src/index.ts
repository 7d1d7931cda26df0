/** What tests and benches outside this package start of it; the program itself is main.ts. */
export { connectSocket } from '@redcontrol/client/connect-socket';
export type { DaemonClient } from '@redcontrol/client/daemon-client';
