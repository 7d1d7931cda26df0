import assert from 'node:assert/strict';
import { escape as queryEscape } from 'node:querystring';
import { test } from 'node:test';
import { runToEnd } from '@redcontrol/system';
import { createMask, prepareMask, type PreparedMask } from './create-mask.ts';
import { maxRichBytes } from './encodings.ts';

const secrets = {
  plain: 'hunter2hunter2',
  four: 'q8Zx',
  symbols: `p@ss w/"rd' + <50%> & $HOME \`x\` \\ {a}=[b];~!*(),#|?:`,
  cyrillic: 'пароль-№1 «ключ»',
  emoji: 'k€y-🔑-värde',
  url: 'postgres://app:s3cr3t/+==@db:5432/app?sslmode=require',
  tabbed: 'one\ttwo three\u0001',
  key: `-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nq+/9w0BAQEFAASCBKcwggSjAgEAAoIB\nAQ==\n-----END PRIVATE KEY-----\n`,
  windows: 'first line of it\r\nsecond "line" of it\r\n',
};
type SecretName = keyof typeof secrets;

/** Everything of the value of at least this many characters must be gone. */
function assertHidden(prepared: PreparedMask, text: string | Buffer, context: string): void {
  const bytes = Buffer.from(text as string);
  const stream = prepared.open();
  const whole = Buffer.concat([stream.push(bytes), stream.end()]);
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const half = prepared.open();
    const output = Buffer.concat([half.push(bytes.subarray(0, cut)), half.push(bytes.subarray(cut)), half.end()]);
    assert.ok(output.equals(whole), `${context}: cut at ${cut} gives ${output} and not ${whole}`);
  }
  const left = whole.toString('latin1').replaceAll('***', '').replace(/[\r\n]/g, '');
  assert.equal(left.startsWith('<<<'), true, `${context}: ${whole}`);
  assert.equal(left.endsWith('>>>'), true, `${context}: ${whole}`);
  // A base64 text may show up to a character of mixed bits on each side, and its padding.
  assert.ok(left.length <= '<<<>>>'.length + 4, `${context}: expected nothing of it, got ${whole}`);
}

const encoders: Record<string, (value: string) => string> = {
  raw: (value) => value,
  base64: (value) => Buffer.from(value).toString('base64'),
  base64url: (value) => Buffer.from(value).toString('base64url'),
  'base64 in lines of 76': (value) => Buffer.from(value).toString('base64').replace(/.{76}/g, '$&\n'),
  'base64 in lines of 8 with CR LF': (value) => Buffer.from(value).toString('base64').replace(/.{8}/g, '$&\r\n'),
  hex: (value) => Buffer.from(value).toString('hex'),
  'upper-case hex': (value) => Buffer.from(value).toString('hex').toUpperCase(),
  encodeURIComponent: (value) => encodeURIComponent(value),
  encodeURI: (value) => encodeURI(value),
  'lower-case percent': (value) => encodeURIComponent(value).replace(/%../g, (escape) => escape.toLowerCase()),
  querystring: (value) => queryEscape(value),
  'HTML form': (value) => new URLSearchParams({ v: value }).toString().slice(2),
  JSON: (value) => JSON.stringify(value).slice(1, -1),
  'JSON in JSON': (value) => JSON.stringify(JSON.stringify(value)).slice(3, -3),
  'single-quoted': (value) => value.replaceAll("'", `'\\''`),
  HTML: (value) => value.replace(/[&<>"']/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[character]!),
};

for (const [encoding, encode] of Object.entries(encoders)) {
  test(`${encoding}: every secret is hidden, wherever the text is cut`, () => {
    for (const [name, value] of Object.entries(secrets)) {
      const prepared = prepareMask([{ name, value }]);
      assertHidden(prepared, `<<<${encode(value.trim())}>>>`, `${encoding} of ${name}`);
    }
  });
}

test('base64 of a text around the secret hides it at every alignment, as in basic authentication', () => {
  for (const [name, value] of Object.entries(secrets)) {
    for (const user of ['', 'u', 'us', 'use', 'user:', 'somebody@example.com:']) {
      for (const tail of ['', '\n', '\n\n', '!!!']) {
        for (const format of ['base64', 'base64url'] as const) {
          const text = Buffer.from(`${user}${value}${tail}`).toString(format);
          const masked = prepareMask([{ name, value }]).maskText(text);
          const shown = Buffer.from(masked.replaceAll('***', '').replace(/[\r\n]/g, ''), format);
          assert.ok(shown.length <= user.length + value.length - value.trim().length + tail.length + 3, `${name} after ${JSON.stringify(user)}: ${masked}`);
        }
      }
    }
  }
});

test('each line of a multi-line value is hidden when it stands alone, indented or in another order', () => {
  const prepared = prepareMask([{ name: 'key', value: secrets.key }]);
  const lines = secrets.key.trim().split('\n');
  for (const line of lines.filter((text) => text.length >= 6)) assert.equal(prepared.maskText(`    ${line}  # ok`), '    ***  # ok');
  assert.equal(prepared.maskText('AQ== stands in other texts too'), 'AQ== stands in other texts too');
  assert.equal(prepared.maskText(secrets.key.replaceAll('\n', '\r\n')), '***\r\n'.repeat(5));
});

test('values of fewer than four characters are named and left alone', () => {
  const mask = createMask([{ name: 'PIN', value: '123' }, { name: 'BLANK', value: ' \n ' }, { name: 'EMPTY', value: '' }, { name: 'PADDED', value: '  ab  ' }, { name: 'OK', value: '1234' }]);
  assert.deepEqual(mask.unmasked, ['PIN', 'BLANK', 'EMPTY', 'PADDED']);
  assert.equal(Buffer.concat([mask.push(Buffer.from('123 ab 1234')), mask.end()]).toString(), '123 ab ***');
  assert.deepEqual(createMask([{ name: 'PIN', value: '123' }]).push(Buffer.from('123')).toString(), '123');
});

test('a large value is named, and hidden raw, in base64, in JSON and by its lines', () => {
  const value = Array.from({ length: 400 }, (_, at) => `"line ${at}": ${'x'.repeat(40)}${at * 7919}`).join('\n');
  assert.ok(value.length > maxRichBytes);
  const prepared = prepareMask([{ name: 'LARGE', value }]);
  assert.deepEqual(prepared.partlyMasked, ['LARGE']);
  assert.equal(prepared.maskText(value).replaceAll(/\*\*\*|\n/g, ''), '');
  assert.equal(prepared.maskText(JSON.stringify(value)), '"***"');
  assert.match(prepared.maskText(Buffer.from(`a${value}b`).toString('base64')), /^.{2}\*\*\*.{1,4}$/);
});

test('ordinary text with twenty random secrets comes out untouched', () => {
  const values = Array.from({ length: 20 }, (_, at) => ({ name: `S${at}`, value: Buffer.from(`secret number ${at * 7919}`).toString('base64') }));
  const text = 'GET /api/users 200 12ms\n  ✓ renders the page (34 ms)\n-----\nпривет, мир\n'.repeat(500);
  assert.equal(prepareMask(values).maskText(text), text);
});

const python = `import json,sys,urllib.parse,shlex,html,base64
v=sys.stdin.buffer.read().decode()
for t in [json.dumps(v)[1:-1], json.dumps(v,ensure_ascii=False)[1:-1], urllib.parse.quote(v), urllib.parse.quote(v,safe=''), urllib.parse.quote_plus(v), shlex.quote(v).strip("'"), html.escape(v), repr(v)[1:-1], base64.encodebytes(v.encode()).decode()]:
  print(t.replace('\\r','').replace('\\n',''))
`;

test("Python's own encoders", async (t) => {
  if (!(await exists('python3'))) return t.skip('no python3');
  for (const [name, value] of Object.entries(secrets)) {
    const { stdout } = await runToEnd('python3', ['-c', python], { input: value });
    for (const line of stdout.trimEnd().split('\n')) assertHiddenLoosely(name as SecretName, line);
  }
});

const shells: [string, string[]][] = [
  ['bash', ['-c', 'v=$(cat); printf "%q\\n" "$v"']],
  ['bash', ['-c', 'v=$(cat); set -x; : "$v"']],
  ['bash', ['-c', 'v=$(cat); declare -p v']],
  ['dash', ['-c', 'v=$(cat); set -x; : "$v"']],
  ['dash', ['-c', 'v=$(cat); export v; export -p | grep -A9 "^export v="']],
  ['sh', ['-c', 'base64']],
];

for (const [shell, args] of shells) {
  test(`what ${shell} itself prints: ${args[1]}`, async (t) => {
    if (!(await exists(shell))) return t.skip(`no ${shell}`);
    for (const [name, value] of Object.entries(secrets)) {
      const { stdout, stderr } = await runToEnd(shell, args, { input: value, variables: { LC_ALL: 'C.UTF-8' } });
      assertHiddenLoosely(name as SecretName, stdout + stderr);
    }
  });
}

/** No four characters in a row of the value are left that are not also in what the tool puts around it. */
function assertHiddenLoosely(name: SecretName, printed: string): void {
  const value = secrets[name];
  const masked = prepareMask([{ name, value }]).maskText(printed);
  assert.match(masked, /\*\*\*/, `${name}: ${printed}`);
  const bare = value.replace(/[\r\n]/g, '');
  const left = masked.replace(/[\r\n]/g, '');
  for (let at = 0; at + 6 <= bare.length; at += 1) assert.equal(left.includes(bare.slice(at, at + 6)), false, `${name}: ${masked}`);
  assert.ok(left.length <= 60, `${name}: ${masked}`);
}

async function exists(command: string): Promise<boolean> {
  return runToEnd(command, ['-c', '']).then(() => true, () => false);
}
