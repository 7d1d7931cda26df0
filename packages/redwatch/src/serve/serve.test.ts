import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerRequest } from './answer-request.ts';
import type { BranchState } from './branch-state.ts';

const verdict = { id: 12, status: 'failed', finishedAt: Date.UTC(2026, 0, 5, 9, 30, 1, 500) } as BranchState['verdict'];
const branches = async (): Promise<BranchState[]> => [
  { project: 'shop', ref: 'main', building: true, verdict, page: 'git@example.com:acme/shop' },
  { project: 'shop', ref: 'a<b&"c"', building: false, verdict: undefined, page: 'https://shop.example.com' },
];
const get = (url: string, host = '127.0.0.1:8479') => answerRequest({ method: 'GET', url, host }, branches);

test('cctray.xml has what its readers expect, also of a branch that builds', async () => {
  const { status, body } = await get('/cctray.xml');
  assert.equal(status, 200);
  assert.match(body, /<Project name="shop :: main" activity="Building" lastBuildStatus="Failure" lastBuildLabel="12" lastBuildTime="2026-01-05T09:30:01Z" webUrl="https:\/\/example\.com\/acme\/shop"\/>/);
  assert.match(body, /name="shop :: a&#60;b&#38;&#34;c&#34;" activity="Sleeping" lastBuildStatus="Unknown"/);
});

test('a badge says the state of a branch', async () => {
  assert.match((await get('/badge/shop.svg')).body, /aria-label="shop: running"/);
  assert.match((await get('/badge/shop.svg?branch=other')).body, /aria-label="shop: unknown"/);
});

test('another host name, method or path is refused', async () => {
  assert.equal((await get('/cctray.xml', 'evil.example.com')).status, 403);
  assert.equal((await answerRequest({ method: 'POST', url: '/cctray.xml', host: 'localhost' }, branches)).status, 405);
  assert.equal((await get('/etc/passwd')).status, 404);
});
