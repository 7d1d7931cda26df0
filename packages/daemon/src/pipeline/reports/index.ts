export * from './find-reports.ts';
export * from './parse-junit-file.ts';
export * from './parse-junit.ts';
export * from './parse-test-output.ts';
export * from './read-failed-tests.ts';
