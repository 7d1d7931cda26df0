import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mirroredReference } from './hub/mirrored-reference.ts';
import { needOfText } from './need-of-text.ts';

test('official images are recognised with their version and size', () => {
  assert.deepEqual(needOfText('node:20'), { kind: 'node', slim: false, version: '20' });
  assert.deepEqual(needOfText('node:20-alpine3.19'), { kind: 'node', slim: true, version: '20' });
  assert.deepEqual(needOfText('python:3.11-slim-bookworm'), { kind: 'python', slim: true, version: '3.11' });
  assert.deepEqual(needOfText('golang'), { kind: 'go', slim: false });
  assert.deepEqual(needOfText('docker.io/library/postgres:17'), { kind: 'postgres', slim: false, version: '17' });
  assert.deepEqual(needOfText('maven:3-eclipse-temurin-21'), { kind: 'java', slim: false, version: '21' });
  assert.deepEqual(needOfText('eclipse-temurin:17-jre'), { kind: 'java', slim: true, version: '17' });
  assert.deepEqual(needOfText('debian:12-slim'), { kind: 'base', slim: true, version: 'bookworm' });
  assert.deepEqual(needOfText('debian'), { kind: 'base', slim: false });
});

test('other images are not', () => {
  for (const text of ['acme/node:20', 'ghcr.example.com/node:20', 'ubuntu:24.04', 'constructor', 'node:20@sha256:abc', 'node: 20', '']) {
    assert.equal(needOfText(text), undefined, text);
  }
});

test('a mirror stands before official and other hub images, not before other registries', () => {
  const mirror = 'mirror.example.com/hub/';
  assert.equal(mirroredReference('node:22', mirror), 'mirror.example.com/hub/library/node:22');
  assert.equal(mirroredReference('acme/tool:1', mirror), 'mirror.example.com/hub/acme/tool:1');
  assert.equal(mirroredReference('registry.example.com/tool:1', mirror), 'registry.example.com/tool:1');
  assert.equal(mirroredReference('localhost:5000/tool', mirror), 'localhost:5000/tool');
  assert.equal(mirroredReference('node:22', undefined), 'node:22');
});
