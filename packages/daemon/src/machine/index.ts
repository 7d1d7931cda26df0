export * from './machines.ts';
export * from './copy-image.ts';
export type { Machine } from './machine.ts';
