export * from './open-store.ts';
export * from './transitions.ts';
export * from './runs.ts';
export * from './steps.ts';
export * from './releases.ts';
export * from './projects.ts';
export * from './environments.ts';
export * from './events.ts';
