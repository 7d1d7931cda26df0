import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convertCompose } from './convert-compose.ts';

const file = 'docker-compose.yml';
const django = `version: "3.9"

x-app: &app
  build:
    context: .
    dockerfile: docker/Dockerfile
    args:
      PIP_EXTRA: production
  env_file: .env
  environment: &env
    DEBUG: "0"
    SECRET_KEY: insecure-change-me
    DATABASE_URL: postgres://shop:shop@db:5432/shop
    CELERY_BROKER_URL: redis://redis:6379/0
    ALLOWED_HOSTS: \${ALLOWED_HOSTS:-shop.example.com}
    SITE_NAME: \${SITE_NAME}
    PRICE: 5 $$
  restart: unless-stopped
  depends_on: [db, redis]

services:
  web:
    <<: *app
    command: ["gunicorn", "shop.wsgi:application", "--bind", "0.0.0.0:8000", "--name", "the shop"]
    ports:
      - "127.0.0.1:8080:8000"
    volumes:
      - media:/app/media
      - ./src:/app
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:8000/healthz/"]
    labels:
      - "traefik.enable=true"
      - "traefik.http.routers.shop.rule=Host(\`shop.example.com\`) || Host(\`www.shop.example.com\`)"
    deploy:
      replicas: 2
      resources:
        limits: { cpus: "0.5", memory: 512m }
  celery_worker:
    <<: *app
    command: celery -A shop worker -l info --concurrency=$$CONCURRENCY
    stop_grace_period: 1m30s
    volumes: ["media:/app/media"]
  beat:
    <<: *app
    command: celery -A shop beat
    mem_limit: 268435456
    cap_add: [NET_ADMIN]
  migrate:
    <<: *app
    command: python manage.py migrate --noinput
  db:
    image: postgres:16.2-alpine
    environment: { POSTGRES_PASSWORD: shop }
    volumes: ["pgdata:/var/lib/postgresql/data"]
  redis:
    image: redis:7-alpine
  cache:
    image: docker.io/library/redis:6
  nginx:
    image: nginx:1.27
    ports: ["80:80", "443:443"]
  minio:
    image: minio/minio:latest
  docs:
    build: ./docs

volumes:
  pgdata:
  media:
networks:
  default: {}
`;

test('a Django app with workers, database, cache and proxy', () => {
  const take = convertCompose(django, file);
  const processes = Object.fromEntries([...take.processes].map(([name, { file: _file, line: _line, ...process }]) => [name, process]));
  assert.deepEqual(processes, {
    web: { run: "gunicorn shop.wsgi:application --bind 0.0.0.0:8000 --name 'the shop'", port: 8000, health: { path: '/healthz/' }, instances: 2, cpus: 0.5, memory: '512M' },
    'celery-worker': { run: 'celery -A shop worker -l info --concurrency=$CONCURRENCY', stopTime: '90s' },
    beat: { run: 'celery -A shop beat', memory: '256M' },
  });
  assert.equal(take.migrate?.run, 'python manage.py migrate --noinput');
  assert.deepEqual([take.database, take.redis], [{ engine: 'postgres', version: '16' }, { version: '7' }]);
  assert.deepEqual([...take.volumes], [['media', '/app/media']]);
  assert.deepEqual([...take.variables], [['DEBUG', '0'], ['ALLOWED_HOSTS', 'shop.example.com'], ['PRICE', '5 $']]);
  assert.deepEqual([...take.secrets], ['SECRET_KEY']);
  assert.deepEqual(take.domains, ['shop.example.com', 'www.shop.example.com']);
  assert.deepEqual([take.ownDockerfile, take.dockerfile, [...take.buildArguments]], [true, 'docker/Dockerfile', [['PIP_EXTRA', 'production']]]);
});

test('what is not taken over is told once, each with its line, also through anchors', () => {
  const { left } = convertCompose(django, file);
  const lines = django.split('\n');
  const expected: [written: string, what: string, why: RegExp][] = [
    ['networks:', 'networks', /each environment has one network/], ['  env_file: .env', 'web.env_file', /files of variables/], ['    SECRET_KEY: insecure-change-me', 'the value of SECRET_KEY', /redcontrol secret set/],
    ['    DATABASE_URL: postgres://shop:shop@db:5432/shop', 'the variable DATABASE_URL', /RedControl sets it/], ['    CELERY_BROKER_URL: redis://redis:6379/0', 'the variable CELERY_BROKER_URL', /names a container/],
    ['    SITE_NAME: ${SITE_NAME}', 'the variable SITE_NAME', /put together elsewhere/], ['      - ./src:/app', 'web.volumes ./src:/app', /a folder of the host/], ['    labels:', 'web.labels traefik.enable', /no counterpart/],
    ['  celery_worker:', 'the name "celery_worker"', /it becomes "celery-worker"/], ['    cap_add: [NET_ADMIN]', 'beat.cap_add', /no counterpart/], ['  db:', 'the data of db', /not copied/], ['  cache:', 'the service cache', /one Redis/],
    ['  nginx:', 'the service nginx', /own proxy/], ['  minio:', 'the service minio', /no foreign images/], ['  docs:', 'the service docs', /another app/], ['      - media:/app/media', 'the data of the volume media', /not copied/],
  ];
  for (const [written, what, why] of expected) {
    const found = left.filter((one) => one.what === what);
    assert.deepEqual(found.map(({ line }) => lines[line - 1]), [written], what);
    assert.match(found[0]!.why, why);
  }
  assert.doesNotMatch(JSON.stringify(left), /insecure-change-me/);
});

test('without a service of the name web, the built one with a port is it', () => {
  const take = convertCompose('services:\n  shop:\n    build: .\n    ports: [3000]\n  jobs:\n    build: ./\n    command: node jobs.js\n  mysql:\n    image: mysql:8.0.36\n', file);
  assert.deepEqual([...take.processes.keys()], ['web', 'jobs']);
  assert.deepEqual([take.processes.get('web')?.port, take.database], [3000, { engine: 'mysql', version: '8.0' }]);
});

test('where nothing is built, the image by a usual name is the app', () => {
  const take = convertCompose('services:\n  db: { image: "postgres:14" }\n  web:\n    image: registry.example.com/acme/shop:1.2\n    command: puma\n    healthcheck: { test: [CMD-SHELL, "curl -s localhost:3000/health | grep -q OK"] }\n  sidekiq: { image: "registry.example.com/acme/shop:1.2", command: sidekiq }\n  streaming: { image: "registry.example.com/acme/streaming:1.2" }\n', file);
  assert.deepEqual([...take.processes].map(([name, { run, health }]) => [name, run, health?.path]), [['web', 'puma', '/health'], ['sidekiq', 'sidekiq', undefined]]);
  assert.deepEqual(take.left.map(({ line, what }) => `${line} ${what}`), ['2 the data of db', '8 the service streaming', '4 the image registry.example.com/acme/shop:1.2']);
});

const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefghij'.split('').map((name, index) => `${name}: &${name} [${`*${'abcdefghij'[index]}, `.repeat(9)}]`).join('\n')}\nservices: { web: { build: ., environment: *j } }\n`;
const hostile: [name: string, text: string, message: RegExp][] = [
  ['a bomb of aliases', bomb, /Expected at most 100 repeats of anchors/],
  ['more than is read', `services:\n  web: { build: . }\n#${'x'.repeat(1_100_000)}`, /at most 1000000 bytes/],
  ['brackets in brackets', `services: ${'['.repeat(100_000)}`, /nested|valid configuration|problem/],
  ['no services', 'web:\n  build: .\n', /Expected "services:" with services/],
  ['services as a list', 'services: [web, db]', /Expected "services:" with services/],
  ['nothing', '', /Expected "services:"/],
  ['a thousand services', `services:\n${Array.from({ length: 1000 }, (_, index) => `  s${index}: { build: . }`).join('\n')}`, /at most 100 services/],
  ['half a file', 'services:\n  web: {', /1 problem|problems/],
];
for (const [name, text, message] of hostile) {
  test(`a compose file of ${name} is one clear error`, { timeout: 60_000 }, () => assert.throws(() => convertCompose(text, file), { code: 'CONFIG_INVALID', message }));
}

test('values of wrong types are told and taken for nothing', () => {
  const { left, processes, volumes, variables } = convertCompose(`services:
  web:
    build: { context: [1], dockerfile: ../../etc/passwd, args: 3 }
    command: { a: b }
    environment: [1, "A B=c", "=x", __proto__=y, null]
    ports: { a: 1 }
    volumes: [3, null, "a:b", "a:/x/../y", { type: tmpfs, target: /x }, "__proto__:/p"]
    healthcheck: 4
    deploy: [1]
    cpus: -1
    mem_limit: lots
    scale: 1000000
    stop_signal: SIGKILL
    labels: null
  constructor: 7
`, file);
  assert.deepEqual([...processes].map(([name, { file: _file, line: _line, ...process }]) => [name, process]), [['web', {}]]);
  assert.deepEqual([[...volumes], [...variables]], [[['proto', '/p']], [['__proto__', 'y']]]);
  assert.match(left.map(({ what }) => what).join('\n'), /web\.cpus[\s\S]*web\.mem_limit[\s\S]*web\.scale[\s\S]*web\.stop_signal/);
  assert.match(left.map(({ what, why }) => `${what}: ${why}`).join('\n'), /the service constructor: expected a mapping/);
});
