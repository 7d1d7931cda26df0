import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editConfig, openDocument } from './edit-config.ts';

const text = `# The shop.
project: shop # its name

servers:
  main: { host: 203.0.113.10 } # in the cellar
people:
  # Anna keeps the server.
  - { name: Anna, role: admin }
  - { name: Boris, role: developer } # until May
`;

test('a changed value keeps the comments around it', () => {
  assert.equal(editConfig(openDocument(text), ['project'], 'store'), text.replace('project: shop', 'project: store'));
});

test('a number that takes the place of a text is written as one', () => {
  assert.equal(editConfig(openDocument(text), ['servers', 'main', 'port'], 2222), text.replace('203.0.113.10 }', '203.0.113.10, port: 2222 }'));
});

test('an entry is added after the last, written like the others', () => {
  assert.equal(
    editConfig(openDocument(text), ['people', 2], { name: 'Vera' }),
    `${text}  - { name: Vera }\n`,
  );
});

test('an entry is removed with its own comment, others stay', () => {
  assert.equal(editConfig(openDocument(text), ['people', 1], undefined), text.replace(/ {2}- \{ name: Boris.*\n/, ''));
});

test('the last entry of a list takes the list with it', () => {
  const document = openDocument(text);
  editConfig(document, ['people', 1], undefined);
  assert.equal(editConfig(document, ['people', 0], undefined), text.slice(0, text.indexOf('people:')));
});

test('missing mappings on the way are made', () => {
  assert.equal(editConfig(openDocument('project: shop\n'), ['limits', 'memory'], '1G'), 'project: shop\nlimits:\n  memory: 1G\n');
});

test('long lines are not wrapped', () => {
  const long = `run: ${'word '.repeat(60)}end`;
  assert.equal(editConfig(openDocument(`${long}\nproject: a\n`), ['project'], 'b'), `${long}\nproject: b\n`);
});
