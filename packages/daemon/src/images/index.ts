export * from './create-images.ts';
export type { DatabaseVersions } from './database-versions.ts';
export type { ImageSource } from './image-source.ts';
