export * from './machines.ts';
export type { Machine } from './machine.ts';
