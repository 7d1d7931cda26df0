import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machineNetwork, maxMachines } from './addresses.ts';
import { machineRules } from './machine-rules.ts';
import { firstResolver, routedNetworks } from './read-server-networks.ts';

test('machines have networks of their own', () => {
  const all = Array.from({ length: maxMachines }, (_, index) => machineNetwork(index + 1));
  for (const key of ['link', 'namespace', 'hostAddress', 'outerAddress', 'pool'] as const) assert.equal(new Set(all.map((one) => one[key])).size, maxMachines);
  assert.throws(() => machineNetwork(0), RangeError);
  assert.throws(() => machineNetwork(maxMachines + 1), RangeError);
});

test('names are resolved where private addresses are closed, and nothing else there is open', () => {
  const lines = machineRules({ network: machineNetwork(3), resolver: '10.0.0.53', serverNetworks: ['203.0.113.0/24'] }).split('\n');
  const place = (text: string) => lines.findIndex((line) => line.includes(text));
  const open = lines.indexOf('-A FORWARD -i tap0 -o eth0 -j ACCEPT');
  assert.ok(place('-d 10.0.0.53 -p udp --dport 53 -j ACCEPT') < place('-d 10.0.0.0/8 -j REJECT'));
  for (const closed of ['10.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8', '203.0.113.0/24']) {
    assert.ok(place(`-d ${closed} -j REJECT`) > 0 && place(`-d ${closed} -j REJECT`) < open, closed);
  }
  assert.ok(lines.includes(':FORWARD DROP [0:0]') && lines.includes(':INPUT DROP [0:0]'));
});

test('the server’s networks are read from its routes, its resolver from its own file', () => {
  assert.deepEqual(routedNetworks([{ dst: 'default' }, { dst: '10.8.0.0/24' }, { dst: '0.0.0.0/1' }, { dst: '192.0.2.7' }, {}]), ['10.8.0.0/24', '192.0.2.7/32']);
  assert.equal(firstResolver('# x\nnameserver 127.0.0.53\nnameserver ::1\nnameserver 192.0.2.53\n'), '192.0.2.53');
  assert.equal(firstResolver('nameserver 127.0.0.53\n'), undefined);
});
