import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { createChannelWorld } from '../test-bed/channel-world.ts';
import { startRecordingHost } from '../test-bed/recording-host.ts';

for (const secret of [`whsec_${Buffer.from('twenty-four bytes of key').toString('base64')}`, 'a key as people type it: пароль']) {
  test(`a webhook is signed as Standard Webhooks says, with the key ${secret.slice(0, 6)}…`, async (t) => {
    const host = await startRecordingHost({ status: 204 });
    t.after(() => host.close());
    const world = createChannelWorld({ hook: { kind: 'webhook', url: `${host.url}/in?x=1`, secret: 'KEY', language: 'ru' } });
    t.after(() => world.close());
    world.apply();
    world.secret('KEY', secret);
    world.start();
    const run = world.failed({ tests: [{ suite: 'cart', name: 'adds', message: '' }] });
    const [{ path, headers, text, json }] = (await host.gets(1)) as [typeof host.received[number]];
    assert.equal(path, '/in?x=1');
    const receiver = secret.startsWith('whsec_') ? new Webhook(secret) : new Webhook(Buffer.from(secret), { format: 'raw' });
    assert.deepEqual(receiver.verify(text, headers as Record<string, string>), json);
    assert.throws(() => receiver.verify(text.replace('failed', 'passed'), headers as Record<string, string>), /No matching signature/);
    // What docs/notifications.md tells who verifies by hand.
    const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
    const id = String(headers['webhook-id']);
    assert.equal(headers['webhook-signature'], `v1,${createHmac('sha256', key).update(`${id}.${String(headers['webhook-timestamp'])}.${text}`).digest('base64')}`);
    const data = json.data as Record<string, unknown>;
    assert.equal(json.type, 'run.failed');
    assert.equal(json.timestamp, new Date(data.at as number).toISOString());
    assert.deepEqual([data.project, data.ref, data.runId, data.failedStep, data.failedTests, data.title], ['shop', 'main', run.id, 'test', ['cart › adds'], 'shop: main — ошибка']);
  });
}
