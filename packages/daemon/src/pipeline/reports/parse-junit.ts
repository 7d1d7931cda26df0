import { XMLParser } from 'fast-xml-parser';
import type { FailedTest } from '@redcontrol/contract';
import { distinctTests, failedTestOf } from './failed-test.ts';
import { xmlTags, type XmlTag } from './xml-tags.ts';

/** What is read of one tag with its attributes, and of the text of one failure. */
const maxFragmentChars = 64 * 1024;
/** Failed cases and characters that are parsed of one report, also when they all turn out to be the same test. */
const maxParsedCases = 1000;
const maxParsedChars = 4 * 1024 ** 2;

/**
 * The fragments that are parsed hold one element. Only XML's own and numeric entities are replaced: declarations never
 * reach the parser, so a report cannot define entities that grow when they are expanded.
 */
const parser = new XMLParser({
  ignoreAttributes: false, attributeNamePrefix: '', attributesGroupName: 'attributes', textNodeName: 'text',
  parseTagValue: false, parseAttributeValue: false, trimValues: false, allowBooleanAttributes: true,
  processEntities: { enabled: true, maxTotalExpansions: 20_000, maxExpandedLength: 2 * maxFragmentChars }, htmlEntities: true,
});

/**
 * Failed tests of a JUnit report, at most 200. The text is hostile: it may be broken, cut off, huge or made to swell.
 * What can be read is, and nothing is thrown. Cases with <failure> or <error> count; skipped ones (also node's `todo`) do not.
 */
export function parseJUnit(text: string): FailedTest[] {
  return distinctTests(failedCases(text));
}

interface OpenCase {
  tag: XmlTag;
  suite: string;
  failure: XmlTag | undefined;
  failureEnd: number | undefined;
  isSkipped: boolean;
}

function* failedCases(text: string): Generator<FailedTest> {
  const suites: string[] = [];
  let open: OpenCase | undefined;
  let casesLeft = maxParsedCases;
  let charsLeft = maxParsedChars;
  for (const tag of xmlTags(text)) {
    const name = localName(tag.name);
    if (name === 'testsuite' && tag.kind === 'open') suites.push(text.slice(tag.start, tag.end));
    if (name === 'testsuite' && tag.kind === 'close') suites.pop();
    if (name === 'testcase') {
      if (open?.failure) {
        casesLeft -= 1;
        charsLeft -= tag.start - open.tag.start;
        if (casesLeft < 0 || charsLeft < 0) return;
        yield* failedTest(text, open, tag.start);
      }
      open = tag.kind === 'open' ? { tag, suite: suites.at(-1) ?? '', failure: undefined, failureEnd: undefined, isSkipped: false } : undefined;
    }
    if (open) note(open, name, tag);
  }
  if (open) yield* failedTest(text, open, text.length);
}

function note(open: OpenCase, name: string, tag: XmlTag): void {
  if (name === 'skipped') open.isSkipped = true;
  if (name !== 'failure' && name !== 'error') return;
  if (tag.kind === 'close') open.failureEnd ??= tag.start;
  else open.failure ??= tag;
}

function* failedTest(text: string, { tag, suite, failure, failureEnd, isSkipped }: OpenCase, end: number): Generator<FailedTest> {
  if (!failure || isSkipped) return;
  const attributes = attributesOf(text, tag);
  const { message = '', type = '' } = attributesOf(text, failure);
  const body = message.trim() !== '' || failure.kind === 'empty' ? '' : textOf(text.slice(failure.end, Math.min(failureEnd ?? end, failure.end + maxFragmentChars)));
  yield failedTestOf(suiteOf(attributes, suite), attributes['name'] ?? '', message.trim() || body.trim() || type);
}

/** node:test gives every top-level test the class "test"; its file says more. */
function suiteOf(attributes: Record<string, string>, suite: string): string {
  const { classname = '', file = '' } = attributes;
  const hasClass = classname !== '' && classname !== 'test';
  return (hasClass ? classname : '') || file || parseFragment(suite.replace(/\/?>$/, '/>')).attributes['name'] || classname;
}

function attributesOf(text: string, tag: XmlTag): Record<string, string> {
  const source = text.slice(tag.start, Math.min(tag.end, tag.start + maxFragmentChars));
  return parseFragment(source.replace(/\/?>$/, '/>')).attributes;
}

/** The text inside of an element, whose end may have been cut off. */
function textOf(body: string): string {
  const isCut = body.lastIndexOf('<![CDATA[') > body.lastIndexOf(']]>');
  const whole = isCut ? `${body}]]>` : body.replace(/&[^;\s]{0,10}$/, '').replace(/<[^>]*$/, '');
  return parseFragment(`<failure>${whole}</failure>`).text;
}

/** A fragment that the parser refuses gives nothing, rather than that the whole report is lost. */
function parseFragment(source: string): { attributes: Record<string, string>; text: string } {
  try {
    const [element] = Object.values(parser.parse(source) as Record<string, unknown>);
    if (typeof element === 'string') return { attributes: {}, text: element };
    const { attributes = {}, text = '' } = element as { attributes?: Record<string, unknown>; text?: unknown };
    const known = ['name', 'classname', 'file', 'message', 'type'].flatMap((key) => (Object.hasOwn(attributes, key) ? [[key, String(attributes[key])]] : []));
    return { attributes: Object.fromEntries(known) as Record<string, string>, text: String(text) };
  } catch {
    return { attributes: {}, text: '' };
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
