import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freeSubnets } from './free-subnets.ts';
import { routedSubnets } from './used-subnets.ts';

test('a name begins at its own place, and every network of the range is offered once', () => {
  const all = [...freeSubnets('rc-shop', [])];
  assert.equal(new Set(all).size, 4096);
  assert.ok(all.every((subnet) => /^10\.(19[2-9]|20[0-7])\.\d{1,3}\.0\/24$/.test(subnet)));
  assert.deepEqual([...freeSubnets('rc-shop', [])], all);
  assert.notEqual(freeSubnets('rc-other', []).next().value, all[0]);
});

test('what lies around, inside or on a network keeps it from being used', () => {
  const first = freeSubnets('rc-shop', []).next().value as string;
  const [block, third] = first.split('.').slice(1, 3);
  const around = (address: string, prefix: number) => [...freeSubnets('rc-shop', [{ address, prefix }])];
  assert.equal(around(`10.${block}.${third}.0`, 24).includes(first), false);
  assert.equal(around(`10.${block}.${third}.128`, 26).includes(first), false);
  assert.equal(around(`10.${block}.0.0`, 16).length, 4096 - 256);
  assert.equal(around('10.0.0.0', 8).length, 0);
  assert.equal(around('172.17.0.0', 16).length, 4096);
});

test('routes are read as the kernel writes them, without the default one', () => {
  const table = [
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
    'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
    'docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0',
    'wg0\t0000C80A\t00000000\t0001\t0\t0\t0\t0000FEFF\t0\t0\t0',
    '',
  ].join('\n');
  assert.deepEqual(routedSubnets(table), [{ address: '172.17.0.0', prefix: 16 }, { address: '10.200.0.0', prefix: 15 }]);
});
