import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { systemClock } from '@redcontrol/system';
import { listEvents } from '../store/index.ts';
import { openAlerts } from './index.ts';
import { createAlertWorld, fill, type Moment } from './test-bed/alert-world.ts';

const begin = Math.floor(Date.UTC(2026, 0, 1) / 1000);
const dayMs = 86_400_000;

function open(t: TestContext, validUntil?: () => number | undefined) {
  let now = begin;
  const world = createAlertWorld({}, { clock: { ...systemClock, now: () => now * 1000 }, ...(validUntil ? { validUntil } : {}) });
  t.after(() => world.close());
  world.apply();
  return {
    ...world,
    /** So many samples of one kind, each judged. */
    goOn(count: number, moment: Moment | ((index: number) => Moment)) {
      const moments = Array.from({ length: count }, (_, index) => (typeof moment === 'function' ? moment(index) : moment));
      now = fill(world.metrics, now, moments, (at) => {
        now = at + 15;
        world.look(at);
      });
    },
    skip: (seconds: number) => void (now += seconds),
    told: () => listEvents(world.store, 0, 1000).filter(({ kind }) => kind.startsWith('alert.')).map(({ kind, environment, data }) => [kind, environment, data.alert, data.name, data.value]),
    open: () => openAlerts(world.store).map(({ kind, name }) => (name === null ? kind : `${kind}/${name}`)),
  };
}

test('errors that come and go around the limit for an hour are told once, and once when they are over', (t) => {
  const world = open(t);
  world.goOn(40, { requests: 50, errors: 1 });
  assert.deepEqual(world.told(), []);
  world.goOn(240, (index) => ({ requests: 50, errors: index % 8 < 4 ? 4 : 1 }));
  assert.deepEqual(world.told().map(([kind, environment, alert]) => [kind, environment, alert]), [['alert.started', 'production', 'errors']]);
  assert.deepEqual(world.open(), ['errors']);
  world.goOn(60, { requests: 50 });
  assert.deepEqual(world.told().map(([kind]) => kind), ['alert.started', 'alert.ended']);
  assert.deepEqual(world.open(), []);
});

test('memory, disk and certificate, each with its own begin and end', (t) => {
  let validMs: number | undefined = 90 * dayMs;
  const world = open(t, () => (validMs === undefined ? undefined : begin * 1000 + validMs));
  world.goOn(40, { memory: 0.5 });
  world.goOn(20, (index) => ({ memory: index % 6 === 0 ? 0.5 : 0.97 }));
  assert.deepEqual(world.told(), [], 'peaks');
  world.goOn(10, { memory: 0.95, disk: 0.93 });
  validMs = 10 * dayMs;
  world.goOn(1, { memory: 0.95, disk: 0.93 });
  assert.deepEqual(world.open().toSorted(), ['certificate/shop.example.com', 'disk//data', 'memory/web']);
  assert.deepEqual(world.told().find(([, , alert]) => alert === 'memory'), ['alert.started', 'production', 'memory', 'web', '486 MB of 512 MB']);
  assert.deepEqual(world.told().find(([, , alert]) => alert === 'disk'), ['alert.started', null, 'disk', '/data', '93 %']);
  validMs = 89 * dayMs;
  world.goOn(30, {});
  assert.deepEqual(world.open(), []);
  assert.equal(world.told().length, 6);
});

test('after the daemon was down nothing is told until there are figures again, and a limit that is switched off ends its alert', (t) => {
  const world = open(t);
  world.goOn(30, { requests: 50, errors: 25, memory: 0.95 });
  assert.deepEqual(world.open().toSorted(), ['errors', 'memory/web']);
  world.skip(3600);
  world.goOn(1, {});
  assert.deepEqual(world.told().length, 2, 'one sample of no traffic ends nothing');
  world.goOn(30, { memory: 0.95 });
  assert.deepEqual(world.open(), ['memory/web']);
  assert.equal(world.told().length, 3);
  world.apply({}, { memory: 'off' });
  world.goOn(1, { memory: 0.95 });
  assert.deepEqual(world.open(), []);
  world.goOn(30, { memory: 0.99 });
  assert.equal(world.told().length, 4);
});
