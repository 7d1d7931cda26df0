/** What tests and benches outside this package start of it; the program itself is main.ts. */
export { connectSocket } from '@redcontrol/client/connect-socket';
export { daemonMemory } from './install/units/daemon-unit.ts';
export type { DaemonClient } from '@redcontrol/client/daemon-client';
