import type { Engine } from './engine.ts';

/**
 * A call of the engine's API whose query parameters dockerode does not pass on.
 * Resolves with the parsed answer of a 200.
 */
export function callApi<T>(engine: Engine, call: { method: 'GET' | 'POST'; path: string; query: Record<string, string> }): Promise<T> {
  return new Promise((resolve, reject) => {
    engine.docker.modem.dial(
      {
        path: `${call.path}?`,
        method: call.method,
        options: { _query: call.query, _body: {} },
        statusCodes: { 200: true, 400: 'bad parameter', 404: 'not found', 500: 'server error' },
      },
      (error: unknown, answer: unknown) => (error ? reject(error) : resolve(answer as T)),
    );
  });
}
