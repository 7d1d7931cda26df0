import type { AppRecipe, Detection, Preset, RepositoryView } from '../recipe.ts';
import { readManifest, uses } from '../javascript/manifest.ts';
import { migrationOf } from '../javascript/migration.ts';
import { javascriptApp, noTestNote } from '../javascript/recipe-parts.ts';
import { developmentPackageIn } from '../javascript/script-command.ts';
import { linesOf, matchLine } from '../reading/search.ts';
import { siteDockerfile } from '../vite/dockerfile.ts';
import { servedDockerfile, standaloneDockerfile } from './dockerfile.ts';

export const nextjs: Preset = { framework: 'nextjs', title: 'Next.js', detect, describe };

const configFiles = ['next.config.js', 'next.config.mjs', 'next.config.ts', 'next.config.cjs'];

async function detect(repository: RepositoryView): Promise<Detection | undefined> {
  const manifest = await readManifest(repository);
  if (!manifest || !uses(manifest, 'next')) return undefined;
  const folders = await Promise.all(['app/', 'pages/', 'src/'].map((folder) => repository.exists(folder.slice(0, -1))));
  if (manifest.dependencies.has('next') && folders.includes(true)) {
    return { framework: 'nextjs', certainty: 'certain', reason: 'package.json depends on next.' };
  }
  return { framework: 'nextjs', certainty: 'likely', reason: 'package.json names next, but there is no folder "app", "pages" or "src".' };
}

async function describe(repository: RepositoryView): Promise<AppRecipe> {
  const app = await javascriptApp(repository);
  const config = await firstText(repository, configFiles);
  const output = matchLine(config, /^[^/*]*\boutput\s*:\s*["'`](standalone|export)["'`]/)?.[1];
  const build = app.build?.includes('build') ? app.build : 'node_modules/.bin/next build';
  const migration = await migrationOf(repository, app.manifest, app.manager);
  const development = developmentPackageIn(app.manifest, [migration?.release]);
  const health = await apiHealth(repository);
  const notes = [...app.notes, ...(migration?.notes ?? [])];
  notes.push(health ? `Health path ${health} was found.` : 'No health route was found: "/" is asked.');
  const standalone = output === 'standalone' && !migration;
  if (output === 'standalone' && migration) notes.push('The migration tool is not part of the standalone output, so the image holds all production packages and runs "next start".');
  if (output !== 'standalone' && output !== 'export') notes.push('With output: "standalone" in the Next.js configuration the image would be several times smaller.');
  if (development) notes.push(`${development} is a development package and migrations need it, so the image keeps the development packages.`);
  if (linesOf(config).some((line) => /\bbasePath\s*:/.test(line))) notes.push('basePath is set: set processes.web.health.path to a path below it.');
  if (app.test === undefined) notes.push(noTestNote);
  const image = { manager: app.manager, inputs: app.inputs, build, prune: !development && app.manifest.devDependencies.size > 0 };
  const common = { framework: 'nextjs' as const, ...app.parts, stages: { build, migrate: migration?.step, test: app.test }, notes };
  const variables = { ...app.parts.variables, NEXT_TELEMETRY_DISABLED: '1' };
  if (output === 'export') {
    notes.push('output: "export": the built files in "out" are served as a static site.');
    return {
      ...common, variables,
      runtime: { kind: 'static', slim: true },
      dockerfile: siteDockerfile({ ...image, folder: 'out', singlePage: false }),
      release: { migrate: undefined, web: undefined, port: 8080, healthPath: '/', siteFolder: 'out', variables: {} },
    };
  }
  return {
    ...common, variables,
    runtime: { ...app.parts.toolchain, slim: true },
    dockerfile: standalone ? standaloneDockerfile(image) : servedDockerfile(image),
    release: { migrate: migration?.release, web: undefined, port: 3000, healthPath: health ?? '/', variables: {} },
  };
}

async function firstText(repository: RepositoryView, paths: string[]): Promise<string | undefined> {
  const texts = await Promise.all(paths.map((path) => repository.readText(path)));
  return texts.find((text) => text !== undefined);
}

/** Route files of both routers that are named like a health check. */
async function apiHealth(repository: RepositoryView): Promise<string | undefined> {
  for (const route of ['/api/health', '/api/healthz', '/health', '/healthz']) {
    for (const root of ['app', 'src/app', 'pages', 'src/pages']) {
      for (const file of [`${root}${route}/route.ts`, `${root}${route}/route.js`, `${root}${route}.ts`, `${root}${route}.js`]) {
        if (await repository.exists(file)) return route;
      }
    }
  }
  return undefined;
}
