export * from './assess-server.ts';
export * from './machines.ts';
export * from './copy-image.ts';
export type { MachineOwner } from './deployed-machines.ts';
export type { Machine } from './machine.ts';
