export * from './disk-room.ts';
export * from './tree-size.ts';
export * from './watch-tree-size.ts';
