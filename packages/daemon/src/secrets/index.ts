export * from './open-key-file.ts';
export * from './seal.ts';
export * from './read-secrets.ts';
export * from './channel-secrets.ts';
