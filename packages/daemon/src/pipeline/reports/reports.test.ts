import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, test } from 'node:test';
import { runOrThrow, runToEnd } from '@redcontrol/system';
import { prepareMask } from '../../logs/index.ts';
import { findReports, parseJUnit, parseJUnitFile, parseTestOutput, readFailedTests } from './index.ts';

const directory = await mkdtemp(join(tmpdir(), 'redcontrol-reports-'));
after(() => rm(directory, { recursive: true, force: true }));
const hourAgo = Date.now() - 3_600_000;
const recorded = (name: string) => readFile(new URL(`./recorded/${name}`, import.meta.url), 'utf8');
const briefly = (tests: { suite: string; name: string; message: string }[]) => tests.map(({ suite, name, message }) => `${suite} | ${name} | ${message}`);
const oneFailure = '<testsuite name="s"><testcase name="t" classname="c"><failure message="m"/></testcase></testsuite>';

async function put(path: string, text = oneFailure): Promise<string> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  return path;
}

test('reports are found at the usual places and nowhere else', async () => {
  const tree = join(directory, 'usual');
  const wanted = [
    'junit.xml', 'reports/junit/js-test.xml', 'target/surefire-reports/TEST-a.B.xml', 'app/build/test-results/test/TEST-C.xml', 'test-results/anything.xml',
    'a/b/c/d/junit-1.xml', 'api/pytest.xml', 'web/test-report.xml', 'sub/TEST-x.xml',
  ];
  for (const path of [...wanted, 'pom.xml', 'src/main/resources/config.xml', 'node_modules/x/junit.xml', '.git/junit.xml', 'reports/page.html']) await put(join(tree, path));
  const found = await findReports(tree, { sinceMs: hourAgo });
  assert.deepEqual(found.map((path) => relative(tree, path)).toSorted(), wanted.toSorted());
});

test('a report older than the run, such as one in the repository, does not count', async () => {
  const tree = join(directory, 'old');
  const old = await put(join(tree, 'junit.xml'));
  await utimes(old, new Date(hourAgo - 1000), new Date(hourAgo - 1000));
  await put(join(tree, 'junit-new.xml'));
  assert.deepEqual((await findReports(tree, { sinceMs: hourAgo })).map((path) => relative(tree, path)), ['junit-new.xml']);
});

test('no link is followed out of the tree, whether it is a file, a folder or made after the look', async () => {
  const outside = await put(join(directory, 'outside', 'junit.xml'));
  const tree = join(directory, 'links');
  const own = await put(join(tree, 'reports', 'junit.xml'));
  await symlink(outside, join(tree, 'junit.xml'));
  await symlink(join(directory, 'outside'), join(tree, 'test-results'));
  await symlink('.', join(tree, 'loop'));
  const found = await findReports(tree, { sinceMs: hourAgo });
  assert.deepEqual(found, [own]);
  assert.equal((await parseJUnitFile(own)).length, 1);

  await rename(join(tree, 'reports'), join(tree, 'moved'));
  await symlink(join(directory, 'outside'), join(tree, 'reports'));
  assert.deepEqual(await parseJUnitFile(own), [], 'its folder became a link');
  assert.deepEqual(await parseJUnitFile(join(tree, 'junit.xml')), [], 'a link itself');
  await runOrThrow('mkfifo', [join(tree, 'TEST-pipe.xml')]);
  assert.deepEqual(await parseJUnitFile(join(tree, 'TEST-pipe.xml')), [], 'a pipe does not hang');
  assert.deepEqual(await parseJUnitFile(join(tree, 'absent.xml')), []);
});

test('the search is bounded in depth, files and bytes', async () => {
  const tree = join(directory, 'bounds');
  await put(join(tree, ...Array.from({ length: 13 }, () => 'd'), 'junit.xml'));
  await put(join(tree, ...Array.from({ length: 12 }, () => 'e'), 'junit.xml'));
  for (let at = 0; at < 600; at += 1) await put(join(tree, 'many', `TEST-${at}.xml`), '');
  const huge = await put(join(tree, 'junit.xml'));
  await runOrThrow('truncate', ['-s', '200M', huge]);
  const found = await findReports(tree, { sinceMs: hourAgo });
  assert.equal(found.length, 500);
  assert.equal(found.includes(huge), false);
  await rm(join(tree, 'many'), { recursive: true });
  assert.deepEqual((await findReports(tree, { sinceMs: hourAgo })).map((path) => relative(tree, path)), [`${'e/'.repeat(12)}junit.xml`]);
});

test('JUnit as node:test 26, pytest 9, Vitest 4 and Surefire 3 write it', async () => {
  assert.deepEqual(briefly(parseJUnit(await recorded('node-junit.xml'))), ['/app/js/cart.test.mjs | total is summed | 2 == 3', 'cart | is emptied (after payment) | no\nway', 'parent | child fails | bad']);
  assert.deepEqual(briefly(parseJUnit(await recorded('pytest-junit.xml'))), [
    'pytest | test_broken | collection failure', 'test_shop.TestCart | test_total | AssertionError: sum is wrong\nassert (1 + 1) == 3',
    'test_shop | test_param[2] | assert 2 == 1', 'test_shop | test_error | failed on setup with "RuntimeError: no database"',
  ]);
  assert.deepEqual(briefly(parseJUnit(await recorded('vitest-junit.xml'))), [
    'broken.test.js | broken.test.js | cannot load', 'cart.test.js | cart > total > is summed | expected 2 to be 3 // Object.is equality', 'cart.test.js | top level | boom',
  ]);
  assert.deepEqual(briefly(parseJUnit(await recorded('surefire-junit.xml'))), [
    'shop.CartTest | boom | no\nway', 'shop.CartTest | total | expected: <3> but was: <2>', 'shop.CartTest$Inner | deep | deep one',
  ]);
});

test('texts, CDATA, namespaces, comments and ">" in quotes are read as XML', () => {
  const xml = `<?xml version="1.0"?><!-- <testcase name="no"><failure/></testcase> --><j:testsuites><j:testsuite name="a &amp; b">
    <j:testcase name='x > y'><j:system-out><![CDATA[<failure message="not one"/></j:testcase>]]></j:system-out></j:testcase>
    <j:testcase name='1 &lt; 2 &#x416;'><j:failure><![CDATA[first <b>]]> &amp; second</j:failure></j:testcase>
    <j:testcase name="typed"><error type="java.lang.Error"/></j:testcase>
    <j:testcase name="skipped"><skipped/><failure message="x"/></j:testcase>
  </j:testsuite></j:testsuites>`;
  assert.deepEqual(briefly(parseJUnit(xml)), ['a & b | 1 < 2 Ж | first <b> & second', 'a & b | typed | java.lang.Error']);
});

test('entities of the document are never expanded', () => {
  const bombs = [
    `<!DOCTYPE x [<!ENTITY a "${'A'.repeat(1000)}">${Array.from({ length: 20 }, (_, at) => `<!ENTITY b${at} "${`&${at === 0 ? 'a' : `b${at - 1}`};`.repeat(50)}">`).join('')}]>`,
    '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1/">%p;]>',
  ];
  for (const bomb of bombs) {
    const [found] = parseJUnit(`${bomb}<testsuite><testcase name="&b19;&f;"><failure>&b19;&f;</failure></testcase></testsuite>`);
    assert.equal(found?.name, '&b19;&f;');
    assert.equal(found?.message, '&b19;&f;');
  }
});

test('a report cut off anywhere gives what was whole, and never throws', async () => {
  const xml = await recorded('surefire-junit.xml');
  let most = 0;
  for (let length = 0; length <= xml.length; length += 7) {
    const found = parseJUnit(xml.slice(0, length));
    assert.ok(found.length >= most, `length ${length}`);
    most = found.length;
  }
  assert.equal(most, 3);
  for (const broken of ['', '<', '<testcase', 'not xml', '\0\0', '<testcase name="a"><failure', '<testcase name=><failure/></testcase>', '</testsuite></testsuite>', '<testcase><failure>&#xFFFFFFFF;&bogus;</failure></testcase>']) parseJUnit(broken);
});

test('hostile names: prototypes, control characters, colours, sizes and numbers', () => {
  const names = ['__proto__', 'constructor', '&#27;[31mred&#27;[0m', 'a&#10;b', 'x'.repeat(5000), '\u202Egnp.exe', ''];
  const xml = names.map((name) => `<testcase classname="${name}" name="${name}" __proto__="1"><failure message="${'м'.repeat(5000)}"/></testcase>`).join('');
  const found = parseJUnit(`<testsuite>${xml}<testcase name="plain" classname="c"><failure/></testcase></testsuite>`);
  assert.equal(Object.hasOwn(Object.prototype, 'name'), false);
  assert.ok(found.some(({ suite, name }) => suite === 'c' && name === 'plain'));
  for (const { suite, name, message } of found) {
    assert.ok(Buffer.byteLength(name) <= 300 && Buffer.byteLength(suite) <= 300 && Buffer.byteLength(message) <= 2048);
    assert.doesNotMatch(suite + name, /[\p{Cc}\p{Bidi_Control}]/u);
  }
  const many = Array.from({ length: 5000 }, (_, at) => `<testcase name="t${at}"><failure message="m"/></testcase>`).join('');
  assert.equal(parseJUnit(`<testsuite>${many}</testsuite>`).length, 200);
});

test('reports of 50 MB: all passed, all failed, and made to be slow', async () => {
  const fill = (piece: string) => piece.repeat(Math.ceil(50 * 10 ** 6 / piece.length));
  assert.deepEqual(parseJUnit(`<testsuite>${fill('<testcase name="ok"><system-out>&lt;text&gt;</system-out></testcase>\n')}</testsuite>`), []);
  for (const piece of ['<testcase><failure>', '<a x="', '<!--', '<![CDATA[', '<testcase name="x"><failure>&lt;</failure></testcase>', '&amp;']) {
    assert.ok(parseJUnit(fill(piece)).length <= 1, piece);
  }
  const path = await put(join(directory, 'big', 'junit.xml'), `<testsuite>${fill('<testcase name="ok"/>\n')}<testcase name="bad"><failure message="m"/></testcase></testsuite>`);
  assert.deepEqual(briefly(await parseJUnitFile(path)), [' | bad | m']);
});

const outputs: Record<string, string[]> = {
  'node-spec.txt': ['cart.test.mjs | total is summed | AssertionError [ERR_ASSERTION]: 2 == 3', 'cart.test.mjs | is emptied (after payment) | Error: no\nway', 'cart.test.mjs | child fails | TypeError [Error]: bad'],
  'node-tap.txt': ['/app/js/cart.test.mjs | total is summed | 2 == 3', '/app/js/cart.test.mjs | is emptied (after payment) | no\nway', '/app/js/cart.test.mjs | child fails | bad'],
  'pytest.txt': ['test_shop.py::TestCart | test_total | AssertionError: sum is wrong', 'test_shop.py | test_param[2] | assert 2 == 1', 'test_broken.py | collection | ', 'test_shop.py | test_error | RuntimeError: no database'],
  'unittest.txt': ['app.tests.CartTest | test_boom | ValueError: no\nnewline', 'app.tests.CartTest | test_sub (i=1) | AssertionError: 1 == 1', 'app.tests.CartTest | test_total | AssertionError: 2 != 3'],
  'go.txt': ['example.com/shop | TestTotal | cart_test.go:3: total is 2, want 3', 'example.com/shop | TestTable/full_cart | cart_test.go:4: overflow'],
  'cargo.txt': ['cart | total | assertion `left == right` failed: sum is wrong\n  left: 2\n right: 3', 'cart::deep | explodes | boom'],
  'jest.txt': [
    'j/cart.test.cjs › cart › total | is summed | expect(received).toBe(expected) // Object.is equality\nExpected: 3\nReceived: 2', 'j/cart.test.cjs | top level | boom',
    'j/broken.test.cjs | Test suite failed to run | cannot load',
  ],
  'vitest.txt': ['broken.test.js | the file cannot be loaded | Error: cannot load', 'cart.test.js > cart > total | is summed | AssertionError: expected 2 to be 3 // Object.is equality', 'cart.test.js | top level | Error: boom'],
  'surefire.txt': [
    'shop.CartTest | boom | java.lang.IllegalStateException:\nno\nway', 'shop.CartTest | total | org.opentest4j.AssertionFailedError: expected: <3> but was: <2>',
    'shop.CartTest$Inner | deep | org.opentest4j.AssertionFailedError: deep one',
  ],
};

for (const [name, expected] of Object.entries(outputs)) {
  test(`what the runner printed, recorded in ${name}, names its failed tests`, async () => {
    const text = await recorded(name);
    assert.deepEqual(briefly(parseTestOutput(text)), expected);
    assert.deepEqual(briefly(parseTestOutput(text.replaceAll('\n', '\r\n'))), expected, 'with CR LF of a terminal');
  });
}

test("this Node's own runner, spec, TAP and JUnit, run now", async () => {
  const file = await put(join(directory, 'live', 'live.test.mjs'), `import { test } from 'node:test'; test('good', () => {}); test('bad one', () => { throw new Error('because') });`);
  const run = async (reporter: string) => (await runToEnd(process.execPath, ['--test', `--test-reporter=${reporter}`, file], { variables: { NODE_TEST_CONTEXT: undefined } })).stdout;
  for (const tests of [parseTestOutput(await run('spec')), parseTestOutput(await run('tap')), parseJUnit(await run('junit'))]) {
    assert.deepEqual(tests.map(({ name }) => name), ['bad one']);
    assert.match(tests[0]!.suite, /live\.test\.mjs$/);
    assert.match(tests[0]!.message, /because/);
  }
});

test('talk about tests in an ordinary output names none', () => {
  const talk = [
    'FAIL: could not connect', 'ERROR: test_x (thing)', 'not ok', 'not ok 12 apples', '--- FAIL: oh', 'test result: FAILED. 0 passed', 'FAILED tests/test_x.py::test_y', 'FAIL src/page.js is missing', '● bullet point',
    '[ERROR] Tests run: 4, Failures: 2, Errors: 1, Skipped: 0, Time elapsed: 0.009 s <<< FAILURE! -- in shop.CartTest', '✖ failing', 'test a ... ok', ' FAIL  something > else', 'npm error Test failed.', '✖ build (12ms)',
  ];
  assert.deepEqual(parseTestOutput(talk.join('\n')), []);
});

test('a run names each failed test once, from reports first, with secrets hidden also where a message is cut', async () => {
  const secret = `pa"ss & <word> ${'x'.repeat(60)}`;
  const { maskText: mask } = prepareMask([{ name: 'S', value: secret }]);
  const tree = join(directory, 'masked');
  const escaped = secret.replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character]!);
  const report = `<testsuite><testcase classname="c" name="uses ${escaped}"><failure message="${'m'.repeat(2020)}${escaped}"/></testcase></testsuite>`;
  await put(join(tree, 'junit.xml'), report);
  await put(join(tree, 'target', 'surefire-reports', 'TEST-c.xml'), report);
  const outputs = [`--- FAIL: TestIt (0.00s)\n    a_test.go:1: got ${secret}\nFAIL\tshop\t0.1s\n`];
  assert.deepEqual(await readFailedTests({ tree, sinceMs: hourAgo, outputs, mask }), [{ suite: 'c', name: 'uses ***', message: `${'m'.repeat(2020)}***` }]);
  assert.deepEqual(briefly(await readFailedTests({ tree: undefined, sinceMs: hourAgo, outputs, mask })), ['shop | TestIt | a_test.go:1: got ***']);
  assert.deepEqual(await readFailedTests({ tree: join(tree, 'absent'), sinceMs: hourAgo, outputs: [], mask }), []);
});

test('a hostile output stays bounded', () => {
  for (const line of ['--- FAIL: T (0.00s)', 'test a ... FAILED', 'not ok 1 - x\n  ---', 'TAP version 13\nnot ok 1 - x\n  ---', '======\nFAIL: a (b)', `FAIL a.js\n  ● ${'x › '.repeat(500)}`, ' FAIL  a.ts > b', 'x'.repeat(300_000)]) {
    assert.ok(parseTestOutput(`${line}\n`.repeat(Math.ceil(300_000 / line.length))).length <= 200);
  }
});
