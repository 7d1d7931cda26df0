import { sampleSeconds } from '../../metrics/index.ts';
import { createAlertWorld } from './alert-world.ts';

/** A process with nothing but alerts and an outbox, for tests that kill it: `alert-process.ts DIRECTORY URL`. It judges what others write. */
const [directory = '', url = ''] = process.argv.slice(2);
const world = createAlertWorld({ team: { kind: 'webhook', url, secret: 'KEY' } }, { directory });
world.start();
setInterval(() => {
  const { at } = world.metrics.sql('SELECT max(at) AS at FROM use_samples WHERE step = ?').get(sampleSeconds) as { at: number | null };
  if (at !== null) world.look(at);
}, 5);
