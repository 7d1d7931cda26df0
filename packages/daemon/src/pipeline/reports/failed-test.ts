import { stripVTControlCharacters } from 'node:util';
import type { FailedTest } from '@redcontrol/contract';

/** Most failed tests that are named; the rest is in the log. */
export const maxFailedTests = 200;
const maxNameBytes = 300;
const maxMessageBytes = 2048;

/** A failed test as it is shown: names on one line, no control characters or colours, everything cut to its limit. */
export function failedTestOf(suite: string, name: string, message: string): FailedTest {
  return {
    suite: cutBytes(oneLine(suite), maxNameBytes),
    name: cutBytes(oneLine(name) || '(no name)', maxNameBytes),
    message: cutBytes(cleanText(message), maxMessageBytes),
  };
}

/** Each test once, the first of its kind, at most 200. */
export function distinctTests(tests: Iterable<FailedTest>): FailedTest[] {
  const distinct = new Map<string, FailedTest>();
  for (const test of tests) {
    const key = `${test.suite}\n${test.name}`;
    if (!distinct.has(key)) distinct.set(key, test);
    if (distinct.size >= maxFailedTests) break;
  }
  return [...distinct.values()];
}

/** Text without colours and control characters but line breaks and tabs. */
export function cleanText(text: string): string {
  return stripVTControlCharacters(text).replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]|\p{Bidi_Control}/gu, '').trim();
}

function oneLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ');
}

function cutBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const bytes = Buffer.from(text).subarray(0, maxBytes - Buffer.byteLength('…'));
  return `${new TextDecoder().decode(bytes, { stream: true })}…`;
}
