import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RedControlError } from '@redcontrol/contract';
import { loadConfig } from './load-config.ts';

const anna = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKHEeZZAnKLDSJ3w8GFFYzOqaSCTzpFLBYYo9zqpuJMc';
const top = `project: shop
repository: git@git.example.com:acme/shop.git
servers:
  main: { host: 203.0.113.10 }
`;
const production = `environments:
  production:
    deploy: { branch: main }
`;

/** Every problem as "line:column message | hint". */
function problemsOf(text: string): string[] {
  try {
    loadConfig(text, 'redcontrol.yml');
  } catch (error) {
    assert.ok(error instanceof RedControlError, String(error));
    assert.equal(error.code, 'CONFIG_INVALID');
    if (error.problems.length === 0) return [error.message];
    return error.problems.map(({ message, hint, at }) => {
      assert.equal(at?.file, 'redcontrol.yml');
      return `${at.line}:${at.column} ${message}${hint ? ` | ${hint}` : ''}`;
    });
  }
  return [];
}

/** What is wrong in a text that is put behind a valid beginning (4 lines) and a production environment (3 lines). */
const after = (text: string) => problemsOf(`${top}${production}${text}`);
const inProduction = (text: string) => problemsOf(`${top}${production}${text.replace(/^/gm, '    ')}\n`);

test('a valid configuration is read with its defaults', () => {
  const { config, source } = loadConfig(top + production, 'redcontrol.yml');
  assert.equal(config.environments.production?.drain, '30s');
  assert.equal(config.servers.main?.user, 'root');
  assert.deepEqual(config.pipeline, ['build', 'migrate', 'test']);
  assert.equal(source, top + production);
});

const cases: [name: string, got: string[], expected: string[]][] = [
  ['an empty file', problemsOf(''), ['1:1 Expected a mapping ("key: value" lines) at the top, got nothing']],
  ['only a comment', problemsOf('# nothing\n'), ['1:1 Expected a mapping ("key: value" lines) at the top, got nothing']],
  ['a list at the top', problemsOf('- a\n'), ['1:1 Expected a mapping ("key: value" lines) at the top, got a list']],
  ['plain text', problemsOf('hello\n'), ['1:1 Expected a mapping ("key: value" lines) at the top, got "hello"']],
  ['a missing key', problemsOf(top.replace(/^repository.*\n/m, '') + production), ['1:1 Expected a git URL: https://…, ssh://…, user@host:path or file://… at repository, got nothing']],
  ['a misspelled key', after('pipline: [test]\n'), ['8:1 Expected one of project, repository, framework, root, isolation, images, servers, pipeline, environments, processes, jobs, volumes, assets, apps, build, people, channels, alerts, limits, keep, source, repositoryPipeline, strangers at pipline, got "pipline" | Did you mean "pipeline"?']],
  ['a key in another case', after('jobs:\n  a: { cron: "0 3 * * *", run: x, time_zone: UTC }\n'), ['9:35 Expected one of cron, timeZone, run, app, environments, timeout, overlap, retries, missed, memory at jobs.a.time_zone, got "time_zone" | Did you mean "timeZone"?']],
  ['a misspelled framework', after('framework: djnago\n'), ['8:12 Expected one of node, nextjs, vite, django, flask, fastapi, go, rust, spring-boot, laravel, symfony, rails, dockerfile at framework, got "djnago" | Did you mean "django"?']],
  ['a misspelled stage', after('pipeline: [biuld]\n'), ['8:12 Expected one of build, migrate, test at pipeline[0], got "biuld" | Did you mean "build"?']],
  ['a wrong key in a step', after('pipeline:\n  - name: lint\n    rnu: make lint\n'), ['10:5 Expected one of name, run, image, services, variables, secrets, timeout, when, needs, allowFailure, isolation at pipeline[0].rnu, got "rnu" | Did you mean "run"?']],
  ['a step that is a number', after('pipeline: [7]\n'), ['8:12 Expected one of build, migrate, test or a mapping ("key: value" lines) at pipeline[0], got 7 (a number)']],
  ['a duration without a unit', inProduction('drain: 30'), ['8:12 Expected a duration such as 90s, 10m or 2h at environments.production.drain, got 30 (a number) | Write the unit as well: 30s or 30m.']],
  ['a size in words', after('limits: { memory: lots }\n'), ['8:19 Expected a size such as 512M or 2G at limits.memory, got "lots"']],
  ['an empty value', inProduction('domain:'), ['8:5 Expected a domain in lower case such as shop.example.com or a list ("- …" lines) at environments.production.domain, got nothing']],
  ['a domain in upper case', inProduction('domain: Shop.example.com'), ['8:13 Expected a domain in lower case such as shop.example.com at environments.production.domain, got "Shop.example.com"']],
  ['an address as domain', inProduction('domain: 203.0.113.10'), ['8:13 Expected a domain name at environments.production.domain, got the address 203.0.113.10 | Leave "domain" out: the environment then answers at the server\'s address and a port.']],
  ['a port out of range', inProduction('port: 70000'), ['8:11 Expected a number of at most 65535 at environments.production.port, got 70000 (a number)']],
  ['a port as text', inProduction('port: http'), ['8:11 Expected a number at environments.production.port, got "http"']],
  ['a port of the proxy', inProduction('port: 443'), ['8:11 Expected a free port at environments.production.port, got 443, which RedControl\'s proxy uses for domains | Set "domain" to be reached at ports 80 and 443, or take another port.']],
  ['the port of SSH', inProduction('port: 22'), ['8:11 Expected a free port at environments.production.port, got 22, where SSH of server main listens']],
  ['a list where a mapping is wanted', after('volumes: [media]\n'), ['8:10 Expected a mapping ("name: value" lines) at volumes, got a list']],
  ['a mapping where a list is wanted', inProduction('secrets: { KEY: value }'), ['8:14 Expected a list ("- …" lines) at environments.production.secrets, got a mapping']],
  ['a bad name', after('volumes: { Media: /app/media }\n'), ['8:12 Expected a name of a–z, 0–9 and "-", beginning with a letter, at most 40 characters at volumes.Media, got "Media"']],
  ['a bad variable name', inProduction('variables: { 1ST: x }'), ['8:18 Expected a variable name of letters, digits and "_", not beginning with a digit at environments.production.variables.1ST, got "1ST"']],
  ['the key __proto__', inProduction('variables: { __proto__: x }'), ['8:18 Expected another name at environments.production.variables.__proto__, got "__proto__"']],
  ['a branch like an option', problemsOf(`${top}environments:\n  production:\n    deploy: { branch: "--upload-pack=x" }\n`), ['7:23 Expected a branch or tag pattern such as main, release/* or v* at environments.production.deploy.branch, got "--upload-pack=x"']],
  ['a full ref', problemsOf(`${top}environments:\n  production:\n    deploy: { branch: main, tag: refs/tags/v* }\n`), ['7:34 Expected the short name of a branch or tag at environments.production.deploy.tag, got "refs/tags/v*" | Write "v*".']],
  ['a pattern that cannot match', problemsOf(`${top}environments:\n  production:\n    deploy: { branch: "a..b" }\n`), ['7:23 Expected a pattern that a branch or tag can match at environments.production.deploy.branch, got "a..b"']],
  ['a repository by ext::', problemsOf(top.replace(/repository: .*/, 'repository: "ext::sh -c id"') + production), ['2:13 Expected a git URL: https://…, ssh://…, user@host:path or file://… at repository, got "ext::sh -c id"']],
  ['a host like an option', problemsOf(top.replace('203.0.113.10', '"-oProxyCommand=id"') + production), ['4:17 Expected a host name or an IP address at servers.main.host, got "-oProxyCommand=id"']],
  ['no server', problemsOf(top.replace(/ {2}main.*\n/, '').replace('servers:', 'servers: {}') + production), ['3:10 Expected at least one server at servers, got a mapping']],
  ['an unknown server', inProduction('server: mian'), ['8:13 Expected one of the servers main at environments.production.server, got "mian" | Did you mean "main"?']],
  ['no server named of two', problemsOf(`${top}  second: { host: 203.0.113.11 }\n${production}`), ['7:3 Expected "server:" with one of main, second at environments.production, got none | With more than one server every environment says on which it runs.']],
  ['one machine under two names', problemsOf(`${top}  second: { host: 203.0.113.10 }\n${production}    server: main\n`), ['5:19 Expected a server of its own at servers.second.host, got "203.0.113.10", which is main already']],
  ['one domain, other paths', problemsOf(`${top}${production}    domain: a.example.com\n  test:\n    deploy: { branch: develop }\n    domain: a.example.com\n    traffic: { path: /test }\n`), []],
  ['two environments on one port', problemsOf(`${top}${production}    port: 8001\n  test:\n    deploy: { branch: develop }\n    port: 8001\n`), ['11:11 Expected a port of its own at environments.test.port, got 8001, which environment production has on server main']],
  ['a redirect from a served domain', inProduction('domain: a.example.com\ntraffic:\n  redirects: { a.example.com: b.example.com }'), ['10:20 Expected a domain that no environment serves at environments.production.traffic.redirects.a.example.com, got "a.example.com", which is served and so cannot be redirected']],
  ['a redirect to a redirected domain', inProduction('traffic:\n  redirects: { a.example.com: b.example.com, b.example.com: { to: a.example.com, status: 301 } }'), ['9:35 Expected a domain that is not redirected itself at environments.production.traffic.redirects.a.example.com, got "b.example.com"', '9:71 Expected a domain that is not redirected itself at environments.production.traffic.redirects.b.example.com.to, got "a.example.com"']],
  ['a domain redirected by two', problemsOf(`${top}${production}    traffic: { redirects: { a.example.com: b.example.com } }\n  test:\n    deploy: { branch: develop }\n    traffic: { redirects: { a.example.com: c.example.com } }\n`), ['11:29 Expected a domain that is redirected once at environments.test.traffic.redirects.a.example.com, got "a.example.com", which environment production redirects']],
  ['a secret that is a variable', inProduction('variables: { KEY: x }\nsecrets: [KEY]'), ['9:15 Expected a name that is not among the variables at environments.production.secrets[0], got "KEY", which has a value in "variables" | Remove it from "variables" and set it with `redcontrol secret set`.']],
  ['basic auth with an unknown secret', inProduction('secrets: [PASSWORD]\ntraffic: { basicAuth: { anna: PASWORD } }'), ['9:35 Expected the name of one of the environment\'s secrets at environments.production.traffic.basicAuth.anna, got "PASWORD" | Did you mean "PASSWORD"?']],
  ['instances of a process that a Procfile may have', inProduction('instances: { worker: 2 }'), []],
  ['an unknown process in instances', problemsOf(`${top}${production}    instances: { wroker: 2 }\nprocesses: { worker: { run: x } }\n`), ['8:18 Expected one of the processes web, worker at environments.production.instances.wroker, got "wroker" | Did you mean "worker"?']],
  ['a step that needs an unknown one', after('pipeline:\n  - build\n  - { name: lint, run: x, needs: [bulid] }\n'), ['10:35 Expected one of the steps build at pipeline[1].needs[0], got "bulid" | Did you mean "build"?']],
  ['steps that wait for each other', after('pipeline:\n  - { name: a, run: x, needs: [b] }\n  - { name: b, run: x, needs: [a] }\n'), ['9:5 Expected steps that do not wait for each other at pipeline[0], got a → b → a | A step without "needs" waits for all steps before it.']],
  ['a step that waits for itself by default', after('pipeline:\n  - { name: a, run: x, needs: [c] }\n  - build\n  - { name: c, run: x }\n'), ['9:5 Expected steps that do not wait for each other at pipeline[0], got a → c → a | A step without "needs" waits for all steps before it.']],
  ['two steps of one name', after('pipeline: [build, { name: build, run: x }]\n'), ['8:27 Expected each step\'s name once at pipeline[1].name, got "build" again']],
  ['a step without a command', after('pipeline:\n  - { name: lint }\n'), ['9:13 Expected "run:" with a command, or one of the stages build, migrate, test at pipeline[0].name, got the step "lint" without a command']],
  ['a step for an unknown environment', after('pipeline:\n  - { name: a, run: x, when: { environment: prodution } }\n'), ['9:45 Expected one of the environments production at pipeline[0].when.environment, got "prodution" | Did you mean "production"?']],
  ['a process without a command', after('processes: { web: {}, worker: {} }\n'), ['8:23 Expected "run:" with a command at processes.worker, got the process "worker" without one | Only web can take its command from the framework.']],
  ['a process with no memory', after('processes: { web: { memory: 1K } }\n'), ['8:29 Expected at least 6M of memory at processes.web.memory, got "1K"']],
  ['a job in an environment that is not there', after('jobs: { a: { cron: "0 3 * * *", run: x, environments: [prod] } }\n'), ['8:56 Expected one of the environments production at jobs.a.environments[0], got "prod"']],
  ['a job of nothing, for longer than can be', after('jobs: { a: { cron: "0 3 * * *", run: "  ", timeout: 30d, memory: 1K } }\n'), ['8:38 Expected a command at jobs.a.run, got "  "', '8:53 Expected a timeout from 1s to 7d at jobs.a.timeout, got "30d"', '8:66 Expected at least 6M of memory at jobs.a.memory, got "1K"']],
  ['an unknown time zone', after('jobs: { a: { cron: "0 3 * * *", run: x, timeZone: Europe/Moskow } }\n'), ['8:51 Expected an IANA time zone such as Europe/Berlin at jobs.a.timeZone, got "Europe/Moskow" | Did you mean "Europe/Moscow"?']],
  ['a cron line that is never due', after('jobs: { a: { cron: "0 0 30 2 *", run: x } }\n'), ['8:20 Expected a cron line that is due some day, such as "0 3 * * *" at jobs.a.cron, got "0 0 30 2 *", which is never due']],
  ['a cron line of six fields', after('jobs: { a: { cron: "0 0 3 * * *", run: x } }\n'), ['8:20 Expected a cron line that is due some day, such as "0 3 * * *" at jobs.a.cron, got "0 0 3 * * *", which has 6 fields instead of 5']],
  ['a volume inside another', after('volumes: { media: /app/media, small: /app/media/small/ }\n'), ['8:38 Expected a path outside the other volumes at volumes.small, got "/app/media/small", which is inside that of media']],
  ['two volumes on one path', after('volumes: { a: /app/x, b: /app//x }\n'), ['8:26 Expected a path outside the other volumes at volumes.b, got "/app/x", which is that of a']],
  ['a volume over the system', after('volumes: { a: /etc }\n'), ['8:15 Expected a folder of the app such as /app/media at volumes.a, got "/etc", which belongs to the system']],
  ['one key for two people', after(`people:\n  - { name: Anna, key: "${anna} anna@a", role: admin }\n  - { name: Boris, key: "${anna}", role: viewer }\n`), ['10:25 Expected a key of their own at people[1].key, got the key of "Anna"']],
  ['a cut key', after(`people:\n  - { name: Anna, key: "${anna.slice(0, -8)}", role: admin }\n`), ['9:24 Expected a whole public SSH key at people[0].key, got one that is cut or changed | Copy the line of the .pub file again.']],
  ['a misspelled role', after(`people:\n  - { name: Anna, key: "${anna}", role: admn }\n`), [`9:${24 + anna.length + 10} Expected one of admin, developer, viewer at people[0].role, got "admn" | Did you mean "admin"?`]],
  ['two apps on one path', after('apps: { web: { root: a }, api: { root: b } }\n'), ['8:27 Expected a domain and path of its own at apps.api, got the path / of the environment\'s domain, which app web has | Give one of them "path: /…" or "domain: …".']],
  ['a version that YAML cuts', inProduction('database: { engine: mariadb, version: 10.10 }'), ['8:43 Expected quotes around 10.10 at environments.production.database.version, got 10.10, which YAML reads as 10.1 | Write "10.10".']],
  ['a variable that YAML changes', inProduction('variables: { CODE: 007, DEBUG: True }'), ['8:24 Expected quotes around 007 at environments.production.variables.CODE, got 007, which YAML reads as 7 | Write "007".', '8:36 Expected quotes around True at environments.production.variables.DEBUG, got True, which YAML reads as true | Write "True".']],
  ['a service\'s version that YAML cuts', after('pipeline:\n  - build\n  - { name: a, run: x, services: [{ engine: mariadb, version: 10.10 }] }\n'), ['10:63 Expected quotes around 10.10 at pipeline[1].services[0].version, got 10.10, which YAML reads as 10.1 | Write "10.10".']],
  ['several problems, in the file\'s order', after('pipline: []\nroot: /abs\n').map((line) => line.slice(0, 4)), ['8:1 ', '9:7 ']],
  ['a duplicate key', after('project: again\n'), ['8:1 Expected each key once, got "project" again | Remove one of the two.']],
  ['a tab as indentation', problemsOf('project: shop\nservers:\n\tmain: { host: a }\n'), ['3:1 Expected spaces at the beginning of the line, got a tab | YAML allows only spaces there.']],
  ['a second document', after('---\nproject: b\n'), ['8:1 Expected one document, got a second one after "---"']],
  ['an unclosed bracket', after('pipeline: [build\n').map((line) => line.split(' Expected valid YAML')[0] ?? ''), ['9:1']],
  ['an unknown anchor', after('root: *nothing\n'), ['8:7 Expected an anchor "&nothing" before this repeat of it, got none']],
  ['Windows line ends', problemsOf(`${top}${production}pipline: []\n`.replaceAll('\n', '\r\n')).map((line) => line.slice(0, 3)), ['8:1']],
];

for (const [name, got, expected] of cases) {
  test(`${name} is told with its place`, () => assert.deepEqual(got, expected));
}

test('one domain for two environments is told once', () => {
  assert.deepEqual(
    problemsOf(`${top}${production}    domain: a.example.com\n  test:\n    deploy: { branch: develop }\n    domain: [b.example.com, a.example.com]\n`),
    ['11:29 Expected a domain and path of its own at environments.test.domain[1], got a.example.com/, which environment production has'],
  );
});

test('merged anchors are followed', () => {
  const { config } = loadConfig(`${top}environments:\n  production: &base\n    deploy: { branch: main }\n    drain: 1m\n  test:\n    <<: *base\n    deploy: { branch: develop }\n`, 'x.yml');
  assert.equal(config.environments.test?.drain, '1m');
  assert.equal(config.environments.test?.deploy.branch, 'develop');
});

test('a bomb of anchors is refused', () => {
  let bomb = 'a0: &a0 [x, x, x, x, x, x, x, x, x]\n';
  for (let level = 1; level < 9; level += 1) bomb += `a${level}: &a${level} [${Array(9).fill(`*a${level - 1}`).join(', ')}]\n`;
  assert.deepEqual(problemsOf(bomb), ['Expected at most 100 repeats of anchors ("*name") in redcontrol.yml, got more']);
});

test('a value that contains itself is refused', () => {
  assert.match(problemsOf(`${top}${production}processes: &a { web: *a }\n`).join(), /^(8:|Expected)/);
});

test('nesting without end is refused', () => {
  assert.match(problemsOf('['.repeat(200_000)).join(), /nested a few levels deep/);
});

test('a file of more than a megabyte is refused before it is read', () => {
  assert.deepEqual(problemsOf(`# ${'x'.repeat(1_000_000)}`), ['Expected redcontrol.yml to have at most 1000000 bytes, got 1000002']);
});
