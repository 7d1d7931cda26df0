import type { FailedTest } from '@redcontrol/contract';
import { failedTestOf } from '../failed-test.ts';
import { linesUntil } from './lines.ts';

/** node:test's spec reporter: the list under "✖ failing tests:", where each failure has its file before it. */
export function parseNodeSpec(lines: readonly string[]): FailedTest[] {
  const begin = lines.findLastIndex((line) => line === '\u2716 failing tests:');
  if (begin < 0) return [];
  const tests: FailedTest[] = [];
  for (let at = begin + 1; at < lines.length; at += 1) {
    const name = /^\u2716 (.+) \(\d+(?:\.\d+)?ms\)$/.exec(lines[at]!)?.[1];
    if (name === undefined) continue;
    const file = /^test at (.+?):\d+:\d+$/.exec(lines[at - 1] ?? '')?.[1] ?? '';
    tests.push(failedTestOf(file, name, linesUntil(lines, at + 1, /^\s*$|^\s+at /)));
  }
  return tests.filter(({ message }) => !/^'?\d+ subtests? failed'?$/.test(message));
}

/** TAP (version 13 and 14) with node's details; parents that only fail by their subtests are left out, as are TODO and SKIP. */
export function parseTap(lines: readonly string[]): FailedTest[] {
  if (!lines.some((line) => /^TAP version \d+$|^\s*# Subtest: |^1\.\.\d+$/.test(line))) return [];
  const tests: FailedTest[] = [];
  lines.forEach((line, at) => {
    const [, indent = '', name = ''] = /^(\s*)not ok \d+(?: -)? ?(.*)$/.exec(line) ?? [];
    if (!/^\s*not ok \d+\b/.test(line) || /# ?(todo|skip)\b/i.test(name)) return;
    const details = detailsAfter(lines, at, indent);
    if (/^\s*failureType: '?subtestsFailed/m.test(details)) return;
    const file = /^\s*location: '(.+?):\d+:\d+'$/m.exec(details)?.[1] ?? '';
    tests.push(failedTestOf(file, name, errorOf(details)));
  });
  return tests;
}

function detailsAfter(lines: readonly string[], at: number, indent: string): string {
  if (lines[at + 1] !== `${indent}  ---`) return '';
  const end = lines.indexOf(`${indent}  ...`, at + 2);
  return lines.slice(at + 2, end < 0 ? at + 42 : Math.min(end, at + 42)).join('\n');
}

function errorOf(details: string): string {
  const [, indent = '', value = ''] = /^(\s*)error: (.*)$/m.exec(details) ?? [];
  if (value !== '|-' && value !== '|') return value.replace(/^'(.*)'$/, '$1');
  const lines = details.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`${indent}error: |`));
  return linesUntil(lines, start + 1, new RegExp(`^${indent}\\S`));
}
