import type { AppRecipe, Detection, Preset, RepositoryView } from '../recipe.ts';
import { commonIgnore } from '../image/ignore.ts';
import { readManifest, uses, type Manifest } from '../javascript/manifest.ts';
import { javascriptApp, noTestNote } from '../javascript/recipe-parts.ts';
import { isPlainPath } from '../reading/safe-name.ts';
import { matchLine } from '../reading/search.ts';
import { plainSiteDockerfile, siteDockerfile } from './dockerfile.ts';

export const vite: Preset = { framework: 'vite', title: 'Vite or another static site', detect, describe };

/** Builders of static sites and where they put what they build. */
const builders: Record<string, string> = {
  vite: 'dist', 'react-scripts': 'build', '@vue/cli-service': 'dist', astro: 'dist', '@11ty/eleventy': '_site', '@docusaurus/core': 'build', gatsby: 'public',
};
/** Frameworks on Vite whose apps mostly need a server. */
const serverFrameworks = ['@sveltejs/kit', 'nuxt', '@remix-run/node', '@react-router/node', '@tanstack/react-start', '@solidjs/start', '@astrojs/node', 'vike'];
const servers = ['express', 'fastify', '@nestjs/core', 'koa', 'hono', 'next'];

async function detect(repository: RepositoryView): Promise<Detection | undefined> {
  const manifest = await readManifest(repository);
  if (!manifest) return plainSite(repository);
  const builder = builderOf(manifest);
  if (!builder) return undefined;
  const server = serverFrameworks.find((name) => uses(manifest, name));
  if (server) return { framework: 'vite', certainty: 'unsure', reason: `package.json uses ${server}, which may build a static site or an app that needs a server.` };
  const own = servers.find((name) => manifest.dependencies.has(name));
  if (own) return { framework: 'vite', certainty: 'unsure', reason: `package.json uses ${builder}, but also the server ${own}.` };
  const isVite = builder === 'vite';
  if (!isVite) return { framework: 'vite', certainty: 'certain', reason: `package.json uses ${builder}, which builds a static site.` };
  if (await repository.exists('index.html')) return { framework: 'vite', certainty: 'certain', reason: 'package.json uses vite and index.html is at the root.' };
  return { framework: 'vite', certainty: 'unsure', reason: 'package.json uses vite, but there is no index.html at the root.' };
}

async function plainSite(repository: RepositoryView): Promise<Detection | undefined> {
  const folder = await siteFolder(repository);
  if (folder === undefined) return undefined;
  const file = folder === '' ? 'index.html' : `${folder}/index.html`;
  return { framework: 'vite', certainty: 'likely', reason: `There is ${file} and no package.json: a static site.` };
}

async function siteFolder(repository: RepositoryView): Promise<string | undefined> {
  for (const folder of ['', 'public', 'site', 'www']) {
    if (await repository.exists(folder === '' ? 'index.html' : `${folder}/index.html`)) return folder;
  }
  return undefined;
}

function builderOf(manifest: Manifest): string | undefined {
  return Object.keys(builders).find((name) => uses(manifest, name));
}

const release = { migrate: undefined, web: undefined, port: 8080, healthPath: '/', variables: {} };

async function describe(repository: RepositoryView): Promise<AppRecipe> {
  const app = await javascriptApp(repository);
  const builder = builderOf(app.manifest);
  if (!builder && app.build === undefined) return plainRecipe(repository);
  const build = app.build ?? (builder === 'vite' ? 'node_modules/.bin/vite build' : undefined);
  const folder = await outputFolder(repository, builder);
  const notes = [...app.notes, `The files that the build puts into "${folder}" are served.`];
  const singlePage = builder === 'vite' || builder === 'react-scripts' || builder === '@vue/cli-service';
  if (singlePage) notes.push('Paths without a file get index.html, for a router in the browser.');
  if (app.test === undefined) notes.push(noTestNote);
  if (build === undefined) notes.push('There is no script "build": add one.');
  return {
    framework: 'vite',
    ...app.parts,
    runtime: { kind: 'static', slim: true },
    dockerfile: siteDockerfile({ manager: app.manager, inputs: app.inputs, build: build ?? app.manager.run('build'), folder, singlePage }),
    stages: { build, migrate: undefined, test: app.test },
    release: { ...release, siteFolder: folder },
    notes,
  };
}

async function outputFolder(repository: RepositoryView, builder: string | undefined): Promise<string> {
  const usual = builders[builder ?? 'vite'] ?? 'dist';
  for (const file of ['vite.config.ts', 'vite.config.js', 'vite.config.mjs', 'vite.config.mts', 'astro.config.mjs', 'vue.config.js']) {
    const folder = matchLine(await repository.readText(file), /\b(?:outDir|outputDir)\s*:\s*["'`](?:\.\/)?([^"'`]{1,100})["'`]/)?.[1];
    if (folder && isPlainPath(folder)) return folder;
  }
  return usual;
}

async function plainRecipe(repository: RepositoryView): Promise<AppRecipe> {
  const folder = await siteFolder(repository);
  return {
    framework: 'vite',
    toolchain: { kind: 'static' },
    runtime: { kind: 'static', slim: true },
    dockerfile: plainSiteDockerfile(folder ?? ''),
    ignore: [...commonIgnore, '**/.*', '*.md'],
    dependencies: undefined,
    caches: {},
    stages: { build: undefined, migrate: undefined, test: undefined },
    variables: {},
    release: { ...release, siteFolder: folder ?? '' },
    notes: [folder === undefined ? 'No index.html was found.' : `The files of ${folder === '' ? 'the repository' : `"${folder}"`} are served as they are.`],
  };
}
