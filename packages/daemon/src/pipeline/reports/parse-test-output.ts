import type { FailedTest } from '@redcontrol/contract';
import { cleanText, distinctTests } from './failed-test.ts';
import { parseCargoTest } from './output/cargo-test.ts';
import { parseGoTest } from './output/go-test.ts';
import { parseJest } from './output/jest.ts';
import { parseNodeSpec, parseTap } from './output/node-test.ts';
import { parsePytest } from './output/pytest.ts';
import { parseSurefire } from './output/surefire.ts';
import { parseUnittest } from './output/unittest.ts';
import { parseVitest } from './output/vitest.ts';

/** What is looked at of an output: its end. */
const maxTailChars = 256 * 1024;
const maxLines = 5000;
const maxLineChars = 2000;

const parsers = [parseNodeSpec, parseTap, parsePytest, parseUnittest, parseGoTest, parseCargoTest, parseJest, parseVitest, parseSurefire];

/**
 * Failed tests named by the end of a step's output, for runs without a JUnit report: node:test (spec and TAP), pytest,
 * unittest and Django, go test, cargo test, Jest, Vitest, Surefire. Only lines that such a runner alone prints count;
 * rather none than a wrong one. At most 200.
 */
export function parseTestOutput(logTail: string): FailedTest[] {
  const lines = cleanLines(logTail.slice(-maxTailChars));
  return distinctTests(parsers.flatMap((parse) => parse(lines)));
}

/** Lines without colours, not trimmed at their beginnings: indentation says what belongs to what. */
function cleanLines(text: string): string[] {
  return cleanText(`.\n${text}\n.`).split('\n').slice(1, -1).slice(-maxLines).map((line) => line.slice(0, maxLineChars).trimEnd());
}
