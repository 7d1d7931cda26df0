export * from './plan-previews.ts';
export * from './add-pushed.ts';
export * from './end-previews.ts';
export * from './fill-preview.ts';
export * from './preview-states.ts';
