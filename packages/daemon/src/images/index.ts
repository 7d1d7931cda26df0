export * from './create-images.ts';
