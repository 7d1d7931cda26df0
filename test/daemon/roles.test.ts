import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { methods, roleAllows, roles, type MethodName } from '@redcontrol/contract';
import { connectSocket } from '@redcontrol/control';
import { runOrThrow } from '@redcontrol/system';
import { stringify } from 'yaml';
import { sampleApp } from '../world/sample-app.ts';
import { createWorld, type World } from '../world/world.ts';

let world: World;
let socket: string;
const fingerprints: Record<string, string> = {};

before(async () => {
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  socket = join(world.directory, 'run', 'daemon.sock');
  const origin = await world.repository('shop', sampleApp('v1'));
  const people = [];
  for (const role of roles) {
    const file = join(world.directory, role);
    await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', role, '-f', file]);
    people.push({ name: role, role, key: (await runOrThrow('cat', [`${file}.pub`])).stdout.trim() });
    fingerprints[role] = (await runOrThrow('ssh-keygen', ['-lf', `${file}.pub`])).stdout.split(' ')[1]!;
  }
  await world.call('project.apply', {
    config: stringify({ project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1h' }, people, pipeline: [], environments: { production: { deploy: { branch: 'nothing' } } } }),
  });
});
after(() => world.close());

for (const role of ['viewer', 'developer'] as const) {
  test(`a ${role}'s key is refused every method above its role, and no other`, async () => {
    const client = await connectSocket(socket, { clientName: 'test', as: fingerprints[role]! });
    const refused: string[] = [];
    for (const method of Object.keys(methods) as MethodName[]) {
      // Parameters that every method takes, so that what is refused is refused for the role.
      const params = { project: 'shop', environment: 'production', run: 1, step: 0, offset: 0, name: 'X', value: 'x', ref: 'main', config: 'x', after: 0, repository: 'file:///none', commit: 'a', timeoutMs: 1, job: 'report', start: 1, process: 'web', instances: 1, token: 'x', session: 'x', data: method.startsWith('app.') ? '' : false, backup: 1, archive: 'x', branch: 'x', keep: true, to: '17', volume: 'x', columns: 80, rows: 24, channel: 'team', contractVersion: 1, client: 'test', lastMs: 60_000 };
      const code = await client.call(method, params as never).then(() => 'answered', (error: { code: string }) => error.code);
      if (code === 'FORBIDDEN') refused.push(method);
    }
    assert.deepEqual(refused, (Object.keys(methods) as MethodName[]).filter((method) => !roleAllows(role, methods[method].role)));
    assert.ok(refused.includes('secret.set') && refused.includes('project.apply') && refused.includes('project.config'));
    await client.close();
  });
}

test('a key that nobody has, and one that was removed, get nothing', async () => {
  await assert.rejects(connectSocket(socket, { clientName: 'test', as: `SHA256:${'A'.repeat(43)}` }), { code: 'FORBIDDEN' });
});

test('garbage on the socket ends that connection and nothing else', async () => {
  const hostile = ['hello\n', '{"as":"root"}\n', `{"as":"local"}\n${'x'.repeat(5000)}`, '{"as":"local"}\nContent-Length: 999999999\r\n\r\n', '{"as":"local"}\nContent-Length: 4\r\n\r\n{{{{', `${'a'.repeat(100_000)}`];
  for (const text of hostile) {
    const answer = await new Promise<string>((resolve) => {
      const connection = connect(socket, () => connection.end(text));
      let heard = '';
      connection.on('data', (chunk) => (heard += chunk.toString()));
      connection.once('close', () => resolve(heard));
      connection.once('error', () => resolve(heard));
    });
    assert.doesNotMatch(answer, /"result"/);
  }
  assert.equal((await world.call('project.list', {})).length, 1);
});
