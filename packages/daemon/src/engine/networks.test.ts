import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testEngine } from '../../test/test-engine.ts';
import { ensureNetwork, openEngine, removeNetwork } from './index.ts';

const engine = testEngine('networks');

test('an engine has room for more networks than its own address pools give', async (t) => {
  const names = Array.from({ length: 36 }, (_, index) => `${engine.instance}-net-${index}`);
  t.after(() => Promise.all(names.map((name) => removeNetwork(engine, name))));
  await Promise.all(names.slice(0, 6).map((name) => ensureNetwork(engine, name, { role: 'network' })));
  for (const name of names) await ensureNetwork(engine, name, { role: 'network' });
  const made = await Promise.all(names.map((name) => engine.docker.getNetwork(name).inspect()));
  const subnets = made.map((network) => (network.IPAM?.Config?.[0] as { Subnet?: string } | undefined)?.Subnet);
  assert.equal(new Set(subnets).size, names.length);
  for (const subnet of subnets) assert.match(subnet ?? '', /^10\.(19[2-9]|20[0-7])\..*\/24$/);
});

test('an engine with a range of its own gives its networks their addresses', async (t) => {
  const name = `${engine.instance}-net-given`;
  const giving = openEngine({ instance: engine.instance, addresses: 'of-engine' });
  t.after(() => removeNetwork(engine, name));
  await ensureNetwork(giving, name, { role: 'network' });
  const { IPAM } = (await giving.docker.getNetwork(name).inspect()) as { IPAM?: { Config?: { Subnet?: string }[] } };
  assert.doesNotMatch(IPAM?.Config?.[0]?.Subnet ?? '', /^10\.(19[2-9]|20[0-7])\./);
  assert.notEqual(IPAM?.Config?.[0]?.Subnet, undefined);
});
