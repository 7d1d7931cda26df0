import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editConfig, openDocument } from './edit-config.ts';

const text = `# The shop.
project:   shop    # its name

servers:
  main: { host: 203.0.113.10 }   # in the cellar

pipeline: [build,  test]   # migrate comes later
environments:
  production:
    # The one that earns.
    deploy: {branch: main, tag: "v*"}
    secrets:
      - SECRET_KEY     # for sessions
      - 'MAIL'
  test:
    deploy:
      branch: develop

people:
  # Anna keeps the server.
  - { name: Anna, role: admin }
  - { name: Boris, role: developer }   # until May
`;

/** The text with one piece in the place of another, which has to be there. */
function changedText(piece: string, other: string): string {
  assert.ok(text.includes(piece), piece);
  return text.replace(piece, other);
}

test('a changed value leaves every other character as it was', () => {
  assert.equal(editConfig(text, ['project'], 'store'), changedText('project:   shop    #', 'project:   store    #'));
  assert.equal(editConfig(text, ['environments', 'test', 'deploy', 'branch'], 'next'), changedText('branch: develop', 'branch: next'));
  assert.equal(editConfig(text, ['environments', 'production', 'deploy', 'tag'], 'release-*'), changedText('"v*"', 'release-*'));
});

test('what YAML would read as something else is put in quotes', () => {
  assert.equal(editConfig(text, ['project'], '010'), changedText('shop    #', '"010"    #'));
  assert.equal(editConfig(text, ['project'], 'a: b, c'), changedText('shop    #', '"a: b, c"    #'));
  assert.equal(editConfig(text, ['pipeline', 0], 'a, b'), changedText('[build,', '["a, b",'));
});

test('a key is added to a mapping on one line and to one on many', () => {
  assert.equal(editConfig(text, ['servers', 'main', 'port'], 2222), changedText('203.0.113.10 }', '203.0.113.10, port: 2222 }'));
  assert.equal(editConfig(text, ['environments', 'test', 'domain'], 'test.example.com'), changedText('      branch: develop\n', '      branch: develop\n    domain: test.example.com\n'));
  assert.equal(editConfig(text, ['servers', 'second'], { host: '203.0.113.11' }), changedText('# in the cellar\n', '# in the cellar\n  second:\n    host: 203.0.113.11\n'));
});

test('an entry is added after the last, written like the others', () => {
  assert.equal(editConfig(text, ['people', 2], { name: 'Vera' }), `${text}  - { name: Vera }\n`);
  assert.equal(editConfig(text, ['environments', 'production', 'secrets', 2], 'TOKEN'), changedText("      - 'MAIL'\n", "      - 'MAIL'\n      - TOKEN\n"));
  assert.equal(editConfig(text, ['pipeline', 2], { name: 'lint', run: 'make lint' }), changedText('test]', 'test, { name: lint, run: make lint }]'));
});

test('an entry is removed with its own comment, others stay', () => {
  assert.equal(editConfig(text, ['people', 1], undefined), text.replace(/ {2}- \{ name: Boris.*\n/, ''));
  assert.equal(editConfig(text, ['people', 0], undefined), text.replace(/ {2}# Anna.*\n.*\n/, ''));
  assert.equal(editConfig(text, ['pipeline', 0], undefined), changedText('[build,  test]', '[test]'));
  assert.equal(editConfig(text, ['pipeline', 1], undefined), changedText('[build,  test]', '[build]'));
  assert.equal(editConfig(text, ['environments', 'production', 'deploy'], undefined), text.replace(/ {4}# The one.*\n.*\n/, ''));
  assert.equal(editConfig(text, ['environments', 'test'], undefined), text.replace(/ {2}test:\n.*\n.*\n/, ''));
});

test('the last entry of a list takes the list with it', () => {
  const without = editConfig(editConfig(text, ['people', 1], undefined), ['people', 0], undefined);
  assert.equal(without, text.slice(0, text.indexOf('people:')));
});

test('a whole mapping or list is changed entry by entry', () => {
  assert.equal(
    editConfig(text, ['environments', 'production', 'secrets'], ['SECRET_KEY', 'TOKEN', 'MORE']),
    changedText("      - 'MAIL'\n", '      - TOKEN\n      - MORE\n'),
  );
  assert.equal(editConfig(text, ['environments', 'production', 'secrets'], ['SECRET_KEY']), changedText("      - 'MAIL'\n", ''));
  assert.equal(
    editConfig(text, ['environments', 'production'], { deploy: { branch: 'main' }, secrets: ['SECRET_KEY', 'MAIL'], https: 'off' }),
    changedText(', tag: "v*"}', '}').replace("      - 'MAIL'\n", "      - 'MAIL'\n    https: off\n"),
  );
});

test('missing mappings on the way are made, also below an empty key', () => {
  assert.equal(editConfig('project: shop\n', ['limits', 'memory'], '1G'), 'project: shop\nlimits:\n  memory: 1G\n');
  assert.equal(editConfig('project: shop\nlimits:  # none yet\n', ['limits', 'memory'], '1G'), 'project: shop\nlimits: { memory: 1G }  # none yet\n');
  assert.equal(editConfig('project: shop\nvolumes: {}\n', ['volumes', 'media'], '/app/media'), 'project: shop\nvolumes: { media: /app/media }\n');
  assert.equal(editConfig('project: shop', ['root'], 'app'), 'project: shop\nroot: app');
});

test('a change that cannot be spliced is made all the same', () => {
  const anchored = 'a: &base\n  deploy: { branch: main }\nb: *base\n';
  assert.deepEqual(openDocument(editConfig(anchored, ['b'], { deploy: { branch: 'x' } })).toJS(), { a: { deploy: { branch: 'main' } }, b: { deploy: { branch: 'x' } } });
  const folded = 'run: >\n  one\n  two\nproject: a\n';
  assert.deepEqual(openDocument(editConfig(folded, ['run'], 'three')).toJS(), { run: 'three', project: 'a' });
});

test('a text over many lines keeps its lines', () => {
  const script = 'set -e\nmake\nmake install\n';
  const edited = editConfig(text, ['environments', 'test', 'seed'], script);
  assert.equal((openDocument(edited).toJS() as { environments: { test: { seed: string } } }).environments.test.seed, script);
  assert.match(edited, /# until May\n$/);
});

test('Windows line ends stay', () => {
  const windows = text.replaceAll('\n', '\r\n');
  assert.equal(editConfig(windows, ['project'], 'store'), windows.replace('shop    #', 'store    #'));
  assert.equal(editConfig(windows, ['people', 2], { name: 'Vera' }), `${windows}  - { name: Vera }\r\n`);
  assert.equal(editConfig(windows, ['people', 1], undefined), windows.replace(/ {2}- \{ name: Boris.*\r\n/, ''));
});

test('what is no YAML is left alone', () => {
  assert.equal(editConfig('a: [', ['a'], 1), 'a: [');
});
