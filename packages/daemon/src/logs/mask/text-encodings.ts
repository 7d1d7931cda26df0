/** How a value looks after being escaped for URLs, JSON, shells, other languages' literals, and HTML or XML. */
export function textEncodings(value: string, { rich }: { rich: boolean }): string[] {
  const json = jsonEncodings(value);
  if (!rich) return json;
  return [...json, ...json.map(jsonInner), ...urlEncodings(value), ...shellEncodings(value), ...markupEncodings(value)];
}

/** Plain, only ASCII (Python, PHP), with "\/" (PHP), HTML-safe (Go, Rails), and control characters only (literals in other quotes). */
function jsonEncodings(value: string): string[] {
  const plain = jsonInner(value);
  const ascii = plain.replace(/[\u007f-\uffff]/g, unicodeEscape);
  const htmlSafe = plain.replace(/[<>&\u2028\u2029]/g, unicodeEscape);
  return [plain, ascii, plain.replaceAll('/', '\\/'), ascii.replaceAll('/', '\\/'), htmlSafe, plain.replaceAll('\\"', '"')];
}

function jsonInner(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** What encoders leave as it is, beside letters and digits; each with "%20" or "+" for a space, in upper and lower case. */
const unescapedInUrls = [
  '-_.~', // RFC 3986: rawurlencode, quote(safe='')
  '-_.', // urlencode
  '-_.*', // HTML forms (WHATWG URL, application/x-www-form-urlencoded)
  "-_.!~*'()", // encodeURIComponent
  '-_.~/', // Python's quote
  "-_.!~*'();/?:@&=+$,#", // encodeURI
  '-_.~$&+=:@', // Go's PathEscape
];

function urlEncodings(value: string): string[] {
  const bytes = Buffer.from(value);
  return unescapedInUrls.flatMap((unescaped) => {
    const keep = new Set(Buffer.from(`ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${unescaped}`));
    const percent = Array.from(bytes, (byte) => (keep.has(byte) ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`)).join('');
    const lower = percent.replace(/%../g, (escape) => escape.toLowerCase());
    return [percent, lower, percent.replaceAll('%20', '+'), lower.replaceAll('%20', '+')];
  });
}

function shellEncodings(value: string): string[] {
  return [
    value.replaceAll("'", `'\\''`),
    value.replaceAll("'", `'"'"'`),
    value.replace(/[\\"$`]/g, '\\$&'),
    value.replace(/[\\"$`!]/g, '\\$&'),
    value.replace(/[ \t'"\\|&;()<>!{}*[\]?^$`,]/g, '\\$&'), // printf %q
    ...literalEncodings(value),
  ];
}

/** Inside quotes of $'…' in shells and of literals as Python and others print them: control characters in octal or hex. */
function literalEncodings(value: string): string[] {
  const named = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  return [8, 16].flatMap((base) => {
    const text = named.replace(/\p{Cc}/gu, (control) => (base === 8 ? `\\${octal(control)}` : `\\x${hex(control)}`));
    return [text, text.replaceAll("'", "\\'")];
  });
}

function octal(character: string): string {
  return character.charCodeAt(0).toString(8).padStart(3, '0');
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(2, '0');
}

const quoteMarkups: readonly (readonly [string, string])[] = [
  ['"', "'"], ['&quot;', "'"], ['&quot;', '&#39;'], ['&#34;', '&#39;'], ['&quot;', '&#x27;'], ['&quot;', '&apos;'], ['&quot;', '&#039;'],
];

function markupEncodings(value: string): string[] {
  const text = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return quoteMarkups.map(([double, single]) => text.replaceAll('"', double).replaceAll("'", single));
}
