import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convertAppJson } from './convert-app-json.ts';
import { convertProcfile } from './convert-procfile.ts';

const heroku = `{
\t"name": "Shop",
\t"repository": "https://git.example.com/acme/shop",
\t"buildpacks": [{ "url": "heroku/nodejs" }],
\t"env": {
\t\t"NODE_ENV": "production",
\t\t"SESSION_SECRET": { "generator": "secret" },
\t\t"MAIL_FROM": { "description": "Sender", "value": "shop@example.com" },
\t\t"STRIPE_API_KEY": { "required": true },
\t\t"REGION": { "required": true }
\t},
\t"formation": { "web": { "quantity": 2, "size": "standard-1x" }, "worker": { "quantity": 1 } },
\t"addons": ["heroku-redis:mini", { "plan": "heroku-postgresql:essential-0", "options": { "version": "16" } }, "papertrail"],
\t"scripts": { "postdeploy": "npm run seed", "dokku": { "predeploy": "npm run check" } },
\t"cron": [{ "command": "npm run report", "schedule": "0 3 * * *" }, { "command": "x", "schedule": "@daily" }],
\t"healthchecks": { "web": [{ "type": "startup", "path": "/health" }] }
}
`;

test('an app.json of Heroku and Dokku', () => {
  const take = convertAppJson(heroku, 'app.json');
  assert.deepEqual([...take.processes].map(([name, { file: _file, line: _line, ...process }]) => [name, process]), [['web', { instances: 2, health: { path: '/health' } }], ['worker', { instances: 1 }]]);
  assert.deepEqual([[...take.variables], [...take.secrets]], [[['NODE_ENV', 'production'], ['MAIL_FROM', 'shop@example.com']], ['SESSION_SECRET', 'STRIPE_API_KEY']]);
  assert.deepEqual([take.database, take.redis, [...take.jobs]], [{ engine: 'postgres', version: '16' }, {}, [['job-1', { cron: '0 3 * * *', run: 'npm run report' }]]]);
  const left = take.left.map(({ line, what }) => `${line} ${what}`);
  for (const expected of ['4 buildpacks', '10 the variable REGION', '12 web.size', '13 the add-on papertrail', '14 the script postdeploy', '14 the script dokku.predeploy', '15 a job']) assert.ok(left.includes(expected), `${expected} in ${left.join('; ')}`);
});

test('what is no object is one error', () => {
  for (const text of ['[]', '"x"', '{', '{"env": {"A": 1, "A": 2}}', `{"a": ${'['.repeat(50_000)}`]) assert.throws(() => convertAppJson(text, 'app.json'), { code: 'CONFIG_INVALID' });
  assert.doesNotThrow(() => convertAppJson('{"env": [1], "formation": 3, "addons": {"a": 1}, "cron": "x", "healthchecks": {"web": 1}, "scripts": null}', 'app.json'));
});

test('a Procfile: names become such as the configuration allows, the release line is the migration', () => {
  const take = convertProcfile('web: npm start\nmail_worker: node mail.js\nmail-worker: node other.js\nrelease: npm run migrate\nnonsense\n9lives: x\n', 'Procfile');
  assert.deepEqual([...take.processes].map(([name, { run }]) => [name, run]), [['web', 'npm start'], ['mail-worker', 'node mail.js'], ['lives', 'x']]);
  assert.equal(take.migrate?.run, 'npm run migrate');
  assert.deepEqual(take.left.map(({ line, what }) => `${line} ${what}`), ['5 this line', '2 the name "mail_worker"', '3 the process mail-worker', '6 the name "9lives"']);
});
