import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EnvironmentState, ProjectState, ServerLink } from '@redcontrol/contract';
import type { FollowedServer } from '../servers/follow-server.ts';
import { eventWords } from './event-words.ts';
import { followForShell, type ShellMessage } from './shell-messages.ts';

const link: ServerLink = { id: 'a:22', host: 'a', user: 'root', port: 22, names: ['main'], state: 'reachable', since: 1, error: null, daemonVersion: '1', person: 'Anna', role: 'admin' };

test('the tray has the worst state and a line an environment, told only when it changes', { timeout: 5000 }, async () => {
  const told: ShellMessage[] = [];
  let health: EnvironmentState['health'] = 'up';
  const projects = () => [{ name: 'shop', environments: [{ name: 'production', health, live: null }, { name: 'test', health: 'never', live: null }] }] as unknown as ProjectState[];
  const server = { call: async () => ({ result: projects(), at: 1, old: false }) } as unknown as FollowedServer;
  const shell = followForShell({ list: () => [link], get: () => server }, (message) => told.push(message));
  shell.onState(link);
  await until(() => told.length === 1);
  shell.onState(link);
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(told.length, 1);
  health = 'down';
  shell.onEvent({ server: 'a:22', event: { seq: 1, at: 1, kind: 'environment.down', project: 'shop', environment: 'production', runId: null, text: 'shop does not answer', data: {} } });
  await until(() => told.length === 3);
  assert.deepEqual(told.map(({ kind }) => kind), ['tray', 'notify', 'tray']);
  assert.deepEqual(told[2], { kind: 'tray', tone: 'bad', lines: [{ text: '✗ shop / production', path: '/servers/a%3A22/shop/production' }, { text: '· shop / test', path: '/servers/a%3A22/shop/test' }] });
  shell.close();
});

test('a notification says what happened in the system\'s language, and nothing of what is only seen', () => {
  assert.equal(eventWords('environment.down', { LANG: 'en_GB.UTF-8' }), 'the app does not answer');
  assert.equal(eventWords('environment.down', { LANG: 'en_GB.UTF-8', LC_ALL: 'ru_RU.UTF-8' }), 'приложение не отвечает');
  assert.equal(eventWords('run.queued', { LANG: 'ru_RU.UTF-8' }), undefined);
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}
