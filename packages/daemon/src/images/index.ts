export * from './create-images.ts';
export * from './recipe-hash.ts';
export * from './server-trust.ts';
export * from './debian/apt-sources.ts';
