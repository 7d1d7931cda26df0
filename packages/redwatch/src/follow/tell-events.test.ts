import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { RedControlEvent } from '@redcontrol/contract';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import { openHeldStore } from '../notices/held-store.ts';
import type { Message } from '../notices/message.ts';
import { english } from '../words/english.ts';
import { createTeller } from './tell-events.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redwatch-tell-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const passed = (seq: number): RedControlEvent => ({ seq, at: seq, kind: 'run.succeeded', project: 'shop', environment: null, runId: seq, text: '', data: { ref: 'main' } });
/** Nothing is asked of the server for runs that passed. */
const unasked = {} as DaemonClient;

async function tellerAt(time: () => string, shown: Message[]) {
  const filters = { mine: [], branches: [], environments: [], quietHours: { from: '22:00', to: '08:00' } };
  return createTeller({ words: english, filters, now: () => new Date(`2026-01-05T${time()}:00`), held: await openHeldStore(join(folder, 'held.json')), show: async (message) => void shown.push(message) });
}

test('few are told one by one, many in one', async () => {
  const shown: Message[] = [];
  const teller = await tellerAt(() => '12:00', shown);
  await teller.tell('main', [passed(1), passed(2)], unasked);
  await teller.tell('main', [1, 2, 3, 4].map(passed), unasked);
  assert.deepEqual(shown.map(({ title }) => title), ['shop: main passed', 'shop: main passed', 'Meanwhile: 4 events']);
});

test('what quiet hours hold back survives a restart and is told once, summed up', async () => {
  const shown: Message[] = [];
  let time = '23:30';
  await (await tellerAt(() => time, shown)).tell('main', [passed(1), passed(2)], unasked);
  const restarted = await tellerAt(() => time, shown);
  await restarted.tellHeld();
  assert.deepEqual(shown, []);
  time = '08:00';
  await restarted.tellHeld();
  await restarted.tellHeld();
  await (await tellerAt(() => time, shown)).tellHeld();
  assert.deepEqual(shown.map(({ title, body }) => [title, body]), [['Meanwhile: 2 events', '2 passed']]);
});

test('a clock that jumps over the end of quiet hours and back into them tells once', async () => {
  const shown: Message[] = [];
  let time = '02:00';
  const teller = await tellerAt(() => time, shown);
  await teller.tell('main', [passed(1), passed(2)], unasked);
  for (time of ['12:00', '23:00', '02:00', '12:00']) await teller.tellHeld();
  assert.deepEqual(shown.map(({ title }) => title), ['Meanwhile: 2 events']);
});
