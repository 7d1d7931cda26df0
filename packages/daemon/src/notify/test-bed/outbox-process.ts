import { createChannelWorld } from './channel-world.ts';

/** A process with nothing but an outbox, for tests that kill it: `outbox-process.ts DIRECTORY URL fail|wait`. */
const [directory = '', url = '', work] = process.argv.slice(2);
const world = createChannelWorld({ team: { kind: 'webhook', url, secret: 'KEY' } }, { directory });
world.apply();
world.secret('KEY', 'the signing key');
world.start();
if (work === 'fail') for (let count = 0; count < 5; count += 1) world.failed();
setInterval(() => {}, 60_000);
