export * from './held-archives.ts';
export * from './make-archive.ts';
export * from './take-state.ts';
