import { environmentMetrics, longestKeptMs, serverMetrics } from '../../metrics/index.ts';
import type { Handlers } from '../handlers.ts';
import type { Call } from '../serve-connection.ts';
import { projectWith } from './known-project.ts';

export const metricMethods: Pick<Handlers, 'metrics.environment' | 'metrics.server'> = {
  'metrics.environment'(call) {
    const { project, environment } = call.params;
    projectWith(call.daemon, call.params);
    return environmentMetrics(call.parts.metrics.store, { project, environment }, askedOf(call));
  },

  'metrics.server': (call) => serverMetrics(call.parts.metrics.store, askedOf(call)),
};

function askedOf({ daemon, params: { lastMs, points } }: Call<'metrics.environment' | 'metrics.server'>) {
  const toMs = daemon.clock.now();
  return { fromMs: toMs - Math.min(lastMs, longestKeptMs), toMs, points };
}
