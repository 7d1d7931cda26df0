import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { detectFramework } from '../src/index.ts';
import { memoryView } from './memory-view.ts';

const fixtures = join(fileURLToPath(import.meta.url), '../../fixtures');
const frameworkOf: Record<string, string> = { express: 'node', fastify: 'node' };

test('every fixture is detected without doubt', async () => {
  for (const name of await readdir(fixtures)) {
    const { chosen } = await detectFramework(memoryView(await filesOf(join(fixtures, name))));
    assert.equal(chosen?.framework, frameworkOf[name] ?? name, name);
  }
});

const manage = 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")';
const express = '{"dependencies":{"express":"5"},"scripts":{"start":"node server.js"}}';

const cases: [name: string, files: Record<string, string>, chosen: string | undefined, reason?: RegExp][] = [
  ['an empty repository', {}, undefined],
  ['only a read me', { 'README.md': 'hello' }, undefined],
  ['Django with a package.json for styles', { 'manage.py': manage, 'requirements.txt': 'Django==5', 'package.json': '{"devDependencies":{"tailwindcss":"4"}}' }, 'django'],
  ['Django with a start script for styles', { 'manage.py': manage, 'requirements.txt': 'django', 'package.json': '{"scripts":{"start":"tailwind -w"}}' }, 'django'],
  ['Django and an own Dockerfile', { 'manage.py': manage, 'requirements.txt': 'django', Dockerfile: 'FROM python' }, 'django'],
  ['Django below the root', { 'backend/manage.py': manage, 'backend/requirements.txt': 'django' }, undefined, /root: backend/],
  ['Django as a package only', { 'requirements.txt': 'django', 'manage.py': 'print(1)' }, undefined, /names no settings/],
  ['Next.js with express beside it', { 'package.json': '{"dependencies":{"next":"16","express":"5"},"scripts":{"start":"node server.js"}}', 'app/page.js': '' }, 'nextjs'],
  ['express with Vite for its page', { 'package.json': '{"dependencies":{"express":"5"},"devDependencies":{"vite":"7"},"scripts":{"start":"node s.js"}}', 'index.html': '' }, 'node'],
  ['SvelteKit', { 'package.json': '{"devDependencies":{"vite":"7","@sveltejs/kit":"2"}}' }, undefined, /@sveltejs\/kit/],
  ['Create React App, whose start script is for development', { 'package.json': '{"dependencies":{"react-scripts":"5"},"scripts":{"start":"react-scripts start"}}' }, 'vite'],
  ['a bare package.json', { 'package.json': '{"name":"x"}' }, undefined, /no "start" script/],
  ['a bare package.json and a Dockerfile', { 'package.json': '{"name":"x"}', Dockerfile: 'FROM node' }, 'dockerfile'],
  ['a start script and a Dockerfile', { 'package.json': '{"scripts":{"start":"node x.js"}}', Dockerfile: 'FROM node' }, 'dockerfile'],
  ['two certain frameworks', { 'package.json': express, 'go.mod': 'module a\ngo 1.24', 'main.go': 'package main' }, undefined],
  ['a Dockerfile without FROM', { Dockerfile: '# nothing' }, undefined],
  ['static files', { 'index.html': '<h1>', 'README.md': '' }, 'vite'],
  ['Go with one program in cmd', { 'go.mod': 'module example.com/a\ngo 1.24', 'cmd/a/main.go': 'package main' }, 'go'],
  ['Go with programs of unclear use', { 'go.mod': 'module example.com/a\ngo 1.24', 'cmd/x/main.go': 'package main', 'cmd/y/main.go': 'package main' }, undefined, /cmd\/x, cmd\/y/],
  ['Go with a server among its programs', { 'go.mod': 'module example.com/a\ngo 1.24', 'cmd/server/main.go': 'package main', 'cmd/migrate/main.go': 'package main' }, 'go'],
  ['a Go library', { 'go.mod': 'module example.com/a\ngo 1.24', 'a.go': 'package a' }, undefined],
  ['a Rust library', { 'Cargo.toml': '[package]\nname="a"', 'src/lib.rs': '' }, undefined],
  ['a Rust workspace with one program', { 'Cargo.toml': '[workspace]\nmembers=["crates/*"]', 'crates/web/Cargo.toml': '[package]\nname="web"\n[dependencies]\naxum="0.8"', 'crates/web/src/main.rs': '', 'crates/core/Cargo.toml': '[package]\nname="core"', 'crates/core/src/lib.rs': '' }, 'rust'],
  ['two Rust programs', { 'Cargo.toml': '[package]\nname="a"\n[dependencies]\naxum="0.8"', 'src/bin/x.rs': '', 'src/bin/y.rs': '' }, undefined, /several programs/],
  ['Gradle', { 'build.gradle.kts': 'id("org.springframework.boot")' }, undefined, /Gradle/],
  ['Maven without Spring', { 'pom.xml': '<project><artifactId>a</artifactId></project>' }, undefined],
  ['Spring Boot in several modules', { 'pom.xml': '<project><parent><artifactId>spring-boot-starter-parent</artifactId></parent><modules><module>a</module></modules></project>' }, undefined, /several modules/],
  ['Laravel with its Vite', { 'composer.json': '{"require":{"laravel/framework":"^12"}}', artisan: '', 'package.json': '{"devDependencies":{"vite":"7"},"scripts":{"build":"vite build"}}' }, 'laravel'],
  ['Symfony', { 'composer.json': '{"require":{"symfony/framework-bundle":"7.3.*"}}', 'bin/console': '' }, 'symfony'],
  ['Rails', { Gemfile: 'source "x"\ngem "rails", "~> 8.0"\n', 'config/application.rb': '' }, 'rails'],
  ['Flask by a factory', { 'requirements.txt': 'flask', 'shop/__init__.py': 'from flask import Flask\ndef create_app():\n    return Flask(__name__)\n' }, 'flask'],
  ['Flask without an app', { 'requirements.txt': 'flask', 'lib.py': '' }, undefined, /no file that makes an app/],
  ['FastAPI in a folder app', { 'pyproject.toml': '[project]\ndependencies=["fastapi[standard]>=0.1"]', 'app/main.py': 'from fastapi import FastAPI\napp = FastAPI()\n' }, 'fastapi'],
];

for (const [name, files, chosen, reason] of cases) {
  test(`detection of ${name}`, async () => {
    const result = await detectFramework(memoryView(files));
    assert.equal(result.chosen?.framework, chosen, JSON.stringify(result));
    if (reason) assert.match(result.detections.map((detection) => detection.reason).join('\n'), reason);
  });
}

test('what is best comes first, and everything found is told', async () => {
  const { detections } = await detectFramework(memoryView({ 'manage.py': manage, 'requirements.txt': 'django', 'package.json': '{"scripts":{"start":"x"}}', Dockerfile: 'FROM a' }));
  assert.deepEqual(detections.map(({ framework, certainty }) => [framework, certainty]), [['django', 'certain'], ['node', 'likely'], ['dockerfile', 'likely']]);
});

async function filesOf(directory: string): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path.slice(directory.length + 1), await readFile(path, 'utf8')])));
}
