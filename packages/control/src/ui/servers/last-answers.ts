import type { MethodName } from '@redcontrol/contract';

/** Methods whose last answer is worth showing, marked as old, while a server is out of reach. */
const kept = new Set<MethodName>([
  'project.list', 'project.show', 'server.state', 'run.list', 'run.show', 'release.list', 'environment.list', 'project.revisions', 'people.list',
]);
const maxAnswers = 100;

export interface LastAnswers {
  keep(method: MethodName, params: unknown, result: unknown, at: number): void;
  find(method: MethodName, params: unknown): { result: unknown; at: number } | undefined;
}

/** The newest answers of one server, in memory, a bounded number. */
export function createLastAnswers(): LastAnswers {
  const answers = new Map<string, { result: unknown; at: number }>();
  const keyOf = (method: MethodName, params: unknown) => `${method} ${JSON.stringify(params ?? {})}`;
  return {
    keep(method, params, result, at) {
      if (!kept.has(method)) return;
      const key = keyOf(method, params);
      answers.delete(key);
      answers.set(key, { result, at });
      if (answers.size <= maxAnswers) return;
      for (const oldest of answers.keys()) {
        answers.delete(oldest);
        break;
      }
    },
    find: (method, params) => answers.get(keyOf(method, params)),
  };
}
