import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convertKamal } from './convert-kamal.ts';

const file = 'config/deploy.yml';
const rails = `# Name of your application.
service: shop
image: acme/shop

servers:
  web:
    - 203.0.113.10
    - 203.0.113.11
  job:
    hosts:
      - 203.0.113.10
    cmd: bin/jobs
    options:
      memory: 1g
      cap-add: SYS_PTRACE

proxy:
  ssl: true
  host: shop.example.com
  app_port: 3000
  healthcheck:
    path: /up
    interval: 3
  response_timeout: 10

registry:
  username: acme
  password:
    - KAMAL_REGISTRY_PASSWORD

env:
  secret:
    - RAILS_MASTER_KEY
    - SMTP_PASSWORD:PROD_SMTP_PASSWORD
  clear:
    DB_HOST: shop-db
    WEB_CONCURRENCY: 2
    LOG_LEVEL: info

volumes:
  - "shop_storage:/rails/storage"
  - /srv/shared:/shared

asset_path: /rails/public/assets

builder:
  arch: amd64
  dockerfile: Dockerfile.production
  args:
    RUBY_VERSION: 3.4.2
  secrets:
    - GITHUB_TOKEN

ssh:
  user: deploy
  port: 2222
  proxy: bastion.example.com

retain_containers: 3

accessories:
  db:
    image: mysql:8.0
    host: 203.0.113.10
    env: { secret: [MYSQL_ROOT_PASSWORD] }
  redis:
    image: valkey/valkey:8
    host: 203.0.113.10
  search:
    image: getmeili/meilisearch:v1.6
`;

test('a Rails app with jobs, accessories and a registry', () => {
  const take = convertKamal(rails, file);
  assert.deepEqual([take.project, take.host, take.user, take.port, take.keepReleases], ['shop', '203.0.113.10', 'deploy', 2222, 3]);
  assert.deepEqual([...take.processes].map(([name, { file: _file, line: _line, ...process }]) => [name, process]), [
    ['web', { port: 3000, health: { path: '/up' } }], ['job', { run: 'bin/jobs', memory: '1G' }],
  ]);
  assert.deepEqual([take.domains, take.https, take.dockerfile, [...take.buildArguments], [...take.buildSecrets]], [['shop.example.com'], undefined, 'Dockerfile.production', [['RUBY_VERSION', '3.4.2']], ['GITHUB_TOKEN']]);
  assert.deepEqual([[...take.variables], [...take.secrets]], [[['WEB_CONCURRENCY', '2'], ['LOG_LEVEL', 'info']], ['RAILS_MASTER_KEY', 'SMTP_PASSWORD']]);
  assert.deepEqual([take.database, take.redis, [...take.volumes]], [{ engine: 'mysql', version: '8.0' }, { version: '8' }, [['shop-storage', '/rails/storage']]]);
});

test('what is not taken over is told, each with its line', () => {
  const text = convertKamal(rails, file).left.map(({ line, what, why }) => `${line} ${what}: ${why}`).join('\n');
  for (const expected of [
    /^3 image: .*no registry/m, /^8 the server 203\.0\.113\.11: one environment runs on one server, here 203\.0\.113\.10/m, /^\d+ job\.options\.cap-add/m, /^24 proxy\.response_timeout/m, /^26 registry: /m,
    /^\d+ the other name PROD_SMTP_PASSWORD/m, /^\d+ the variable DB_HOST: it names a container/m, /^\d+ the volume \/srv\/shared:\/shared: a folder of the host/m, /^\d+ asset_path: /m, /^\d+ builder\.arch/m, /^\d+ ssh\.proxy/m,
    /^\d+ the data of db/m, /^\d+ the accessory search: RedControl runs no foreign images/m,
  ]) assert.match(text, expected);
});

test('a plain list of servers, a plain env, and no TLS', () => {
  const take = convertKamal('service: shop\nservers: [203.0.113.10]\nproxy: { ssl: false, hosts: [a.example.com, b.example.com] }\nenv: { A: b }\n', file);
  assert.deepEqual([take.host, take.https, take.domains, [...take.variables]], ['203.0.113.10', 'off', ['a.example.com', 'b.example.com'], [['A', 'b']]]);
});

test('ERB that YAML can hold is told line by line, other is one error with the way out', () => {
  assert.match(convertKamal('service: shop\nenv:\n  clear:\n    A: <%= ENV["A"] %>\n', file).left.map(({ line, what }) => `${line} ${what}`).join('\n'), /^4 the variable A$/m);
  assert.throws(() => convertKamal('service: shop\n<% if x %>\nenv: { A: b }\n<% end %>\n', file), { code: 'CONFIG_INVALID', hint: /ERB/ });
});

test('values of wrong types are told and taken for nothing', () => {
  for (const text of ['[]', 'shop', '']) assert.throws(() => convertKamal(text, file), { code: 'CONFIG_INVALID' });
  const take = convertKamal('service: "-x"\nservers: { web: { hosts: [-oProxyCommand=x] } }\nproxy: 3\nenv: [a]\nvolumes: { a: b }\nbuilder: { dockerfile: /etc/passwd, args: [1] }\nssh: { user: "a b", port: x }\nretain_containers: many\naccessories: [1]\n', file);
  assert.deepEqual([take.project, take.host, take.user, take.port, take.dockerfile, take.volumes.size, take.keepReleases], [undefined, undefined, undefined, undefined, undefined, 0, undefined]);
});
