export * from './recipe.ts';
export { presets } from './preset-list.ts';
export { detectFramework, type DetectionResult } from './detect-framework.ts';
export { describeApp } from './describe-app.ts';
export { dockerfileFor, type BuildInputs } from './image/dockerfile-for.ts';
export { parseProcfile, isProcessName } from './procfile/parse-procfile.ts';
export { assertInstances, withProcfile } from './procfile/with-procfile.ts';
