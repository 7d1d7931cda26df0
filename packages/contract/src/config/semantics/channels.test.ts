import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkConfig } from '../check-config.ts';
import { problemMessage } from '../problem.ts';

function problems(channel: unknown, repository = 'git@git.example.com:acme/shop.git') {
  return checkConfig({
    project: 'shop', repository, servers: { main: { host: '203.0.113.10' } }, environments: { production: { deploy: { branch: 'main' } } }, channels: { team: channel },
  }).problems;
}
const texts = (channel: unknown, repository?: string) => problems(channel, repository).map(problemMessage);
const mail = { kind: 'email', host: 'smtp.example.com', from: 'a@example.com', to: ['b@example.com'] };

test('one of every kind is right with the least that it needs', () => {
  for (const channel of [
    { kind: 'telegram', chat: -1001234567890, secret: 'T' }, { kind: 'telegram', chat: '@team_chat', secret: 'T', events: ['passed'], branches: ['release/*'], environments: ['production'], language: 'ru' },
    { kind: 'slack', secret: 'T' }, { kind: 'mattermost', secret: 'T' }, mail, { ...mail, user: 'shop', secret: 'T' }, { kind: 'webhook', url: 'https://hooks.example.com/a?b=c', secret: 'T' },
    { kind: 'github', secret: 'T' }, { kind: 'gitlab', secret: 'T' }, { kind: 'gitea', secret: 'T' }, { kind: 'forgejo', secret: 'T' },
  ]) assert.deepEqual(texts(channel), [], JSON.stringify(channel));
});

test('a kind that is none, and a key of another kind, are named with what could stand there', () => {
  const [kind] = problems({ kind: 'telegramm', chat: 1, secret: 'T' });
  assert.equal(problemMessage(kind!), 'Expected one of telegram, slack, mattermost, email, webhook, github, gitlab, gitea, forgejo at channels.team.kind, got "telegramm"');
  assert.deepEqual(kind?.misspelled?.word, 'telegramm');
  assert.deepEqual(texts({ kind: 'slack', secret: 'T', url: 'https://hooks.slack.com/x' }), ['Expected one of kind, secret, environments, branches, language, events at channels.team.url, got "url"']);
  assert.deepEqual(texts({ secret: 'T' }).length, 1);
});

test('a secret that stands in the configuration itself is refused, and not repeated', () => {
  const [problem] = problems({ kind: 'telegram', chat: 1, secret: '123456:AAsecret' });
  assert.equal(problemMessage(problem!), 'Expected the name of a secret, not its value at channels.team.secret, got another text');
  assert.match(problem!.hint!, /redcontrol secret set TEAM_TOKEN --channels/);
  assert.match(texts({ kind: 'webhook', url: 'https://user:word@hooks.example.com/', secret: 'T' })[0]!, /without a name and password in it/);
});

test('what could not be sent is refused', () => {
  assert.deepEqual(texts({ ...mail, user: 'shop' }), ['Expected "secret:" with the name of the secret that holds the password at channels.team, got the user "shop" without one']);
  assert.deepEqual(texts({ ...mail, secret: 'T' }), ['Expected "user:" beside the password at channels.team, got the secret "T" without one']);
  assert.deepEqual(texts({ ...mail, user: 'shop', secret: 'T', security: 'none' }), ['Expected starttls or tls where a password is sent at channels.team.security, got "none"']);
  assert.deepEqual(texts({ ...mail, host: '127.0.0.1', user: 'shop', secret: 'T', security: 'none' }), []);
  assert.match(texts({ kind: 'slack', secret: 'T', environments: ['prod'] })[0]!, /Expected one of the environments production at channels\.team\.environments\[0\], got "prod"/);
  assert.match(texts({ kind: 'slack', secret: 'T', events: ['fails'] })[0]!, /Expected one of passed, failed, .* at channels\.team\.events\[0\], got "fails"/);
  assert.match(texts({ kind: 'github', secret: 'T' }, 'file:///srv/shop.git')[0]!, /Expected "api:", which cannot be made from the repository's URL at channels\.team/);
  assert.match(texts({ kind: 'gitlab', secret: 'T', api: 'https://git.example.com/api/v4' }, 'file:///srv/shop.git')[0]!, /Expected "repository:"/);
  assert.deepEqual(texts({ kind: 'gitlab', secret: 'T', api: 'https://git.example.com/api/v4', repository: 'acme/sub/shop' }, 'file:///srv/shop.git'), []);
});
