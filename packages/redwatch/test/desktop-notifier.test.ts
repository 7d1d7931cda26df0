import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { RedControlError } from '@redcontrol/contract';
import { openDesktopNotifier } from '../src/notify/desktop-notifier.ts';
import type { Message } from '../src/notices/message.ts';
import { english } from '../src/words/english.ts';
import { noSessionBus, startBus, startDesktop, type TestDesktop } from './session-bus-of-test.ts';

const message: Message = { subject: 'run/1', title: 'shop: main failed', body: 'a <b>bold</b> & bad commit', urgency: 'critical', actions: ['log', 'retry'] };

test('on a real session bus', { skip: noSessionBus }, async (t) => {
  let desktop: TestDesktop;
  before(async () => (desktop = await startDesktop()));
  after(() => desktop.stop());
  const open = (onAction: (action: string, of: Message) => void = () => {}) =>
    openDesktopNotifier({ variables: { DBUS_SESSION_BUS_ADDRESS: desktop.address }, words: english, onAction });

  await t.test('a message is shown with its urgency and its actions in words, and never as markup', async () => {
    const notifier = await open();
    await notifier.show(message);
    await notifier.close();
    assert.deepEqual(desktop.shown.at(-1), {
      id: 1, replaces: 0, title: 'shop: main failed', body: 'a &lt;b&gt;bold&lt;/b&gt; &amp; bad commit', actions: ['log', 'Log', 'retry', 'Retry'], urgency: 2,
    });
  });

  await t.test('what is told of the same subject replaces what was told before', async () => {
    const notifier = await open();
    await notifier.show(message);
    await notifier.show({ ...message, subject: 'run/2' });
    await notifier.show({ ...message, title: 'shop: main passes again', urgency: 'normal' });
    await notifier.close();
    const [first, other, second] = desktop.shown.slice(-3);
    assert.equal(second?.replaces, first?.id);
    assert.notEqual(other?.id, first?.id);
    assert.equal(second?.urgency, 1);
  });

  await t.test('a click on an action comes back with its message', async () => {
    const clicked = Promise.withResolvers<{ action: string; subject: string }>();
    const notifier = await open((action, { subject }) => clicked.resolve({ action, subject }));
    await notifier.show(message);
    desktop.invoke(desktop.shown.at(-1)?.id ?? 0, 'retry');
    assert.deepEqual(await clicked.promise, { action: 'retry', subject: 'run/1' });
    await notifier.close();
  });
});

test('without a notification service, and without a bus, one clear error says so', { skip: noSessionBus }, async () => {
  const bus = await startBus();
  const failure = async (variables: Record<string, string>) => openDesktopNotifier({ variables, words: english, onAction() {} }).then(() => assert.fail('expected an error'), (error: unknown) => error);
  try {
    for (const address of [bus.address, 'unix:path=/nowhere/bus', '']) {
      const error = await failure({ DBUS_SESSION_BUS_ADDRESS: address });
      assert.ok(error instanceof RedControlError && error.code === 'COMMAND_FAILED', String(error));
    }
  } finally {
    await bus.stop();
  }
});
