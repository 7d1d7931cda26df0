import type { AppRecipe, Detection, Preset, RepositoryView } from '../recipe.ts';
import { commonIgnore } from '../image/ignore.ts';
import { healthNote, healthPathIn } from '../reading/health-path.ts';
import { goCaches, goDockerfile, goVariables } from './dockerfile.ts';
import { goModule, programName, webProgram, type GoModule } from './module.ts';

export const go: Preset = { framework: 'go', title: 'Go', detect, describe };

async function detect(repository: RepositoryView): Promise<Detection | undefined> {
  const module = await goModule(repository);
  if (!module) return undefined;
  if (module.programs.length === 0) return { framework: 'go', certainty: 'unsure', reason: 'go.mod is there, but neither the root nor cmd/ has a package main.' };
  const web = webProgram(module);
  if (web) return { framework: 'go', certainty: 'certain', reason: `go.mod is there and ${web === '.' ? 'the root' : web} has a package main.` };
  return { framework: 'go', certainty: 'unsure', reason: `go.mod is there, but which program serves the web is not clear: ${module.programs.slice(0, 10).join(', ')}. Set framework: go and processes.web.run.` };
}

const assetFolders = ['templates', 'static', 'public', 'assets', 'web', 'views', 'migrations', 'locales', 'config'];

async function describe(repository: RepositoryView): Promise<AppRecipe> {
  const module = (await goModule(repository)) ?? { name: undefined, version: undefined, requirements: new Set<string>(), programs: [], isVendored: false };
  const folders = module.programs.length > 0 ? module.programs : ['.'];
  const web = webProgram(module) ?? folders[0]!;
  const programs = folders.map((folder) => ({ folder, name: programName(module, folder) }));
  const usesC = ['github.com/mattn/go-sqlite3', 'github.com/confluentinc/confluent-kafka-go'].some((name) => module.requirements.has(name));
  const assets = await existing(repository, assetFolders);
  const health = await healthOf(repository, web);
  const hasSum = await repository.exists('go.sum');
  return {
    framework: 'go',
    toolchain: { kind: 'go', ...(module.version && { version: module.version }) },
    // Debian 13, as the toolchain's, for programs that use C; and the smallest there is.
    runtime: { kind: 'base', version: 'trixie', slim: true },
    dockerfile: goDockerfile({ programs, web: programName(module, web), usesC, isVendored: module.isVendored, hasSum, assets }),
    ignore: [...commonIgnore, 'bin'],
    dependencies: module.isVendored ? undefined : { keyFiles: hasSum ? ['go.mod', 'go.sum'] : ['go.mod'], run: 'go mod download' },
    caches: goCaches,
    stages: { build: 'go build ./...', migrate: undefined, test: 'go test ./...' },
    variables: { CI: '1', CGO_ENABLED: usesC ? '1' : '0', ...goVariables },
    release: { migrate: undefined, web: undefined, port: 8080, healthPath: health.path ?? '/', variables: {} },
    notes: [...notesOf(module, { usesC, assets }), healthNote(health.path, health.file)],
  };
}

function notesOf(module: GoModule, found: { usesC: boolean; assets: string[] }): string[] {
  const notes = ['The app must listen on the port that PORT names, on all addresses.'];
  if (module.programs.length > 1) {
    const names = module.programs.map((folder) => programName(module, folder));
    notes.push(`All programs are built into /app/bin: ${names.slice(0, 20).join(', ')}. Use them in processes, e.g. worker: { run: ${names.at(-1)} }.`);
  }
  if (module.programs.length === 0) notes.push('No package main was found at the root or in cmd/.');
  else if (!webProgram(module)) notes.push('Which program serves the web is not clear: set processes.web.run.');
  if (found.usesC) notes.push('A module uses C, so programs are built with it and are not static.');
  if (found.assets.length > 0) notes.push(`The image also holds ${found.assets.join(', ')}.`);
  const tool = [...module.requirements].find((name) => /^github\.com\/(pressly\/goose|golang-migrate\/migrate|uptrace\/bun\/migrate|amacneil\/dbmate)/.test(name));
  if (tool) notes.push(`${tool} is among the modules: if the app does not migrate when it starts, write a step "migrate" and a program in cmd/ that does.`);
  return notes;
}

async function healthOf(repository: RepositoryView, web: string): Promise<{ path: string | undefined; file: string }> {
  const prefix = web === '.' ? '' : `${web}/`;
  const names = (await repository.list(web === '.' ? '' : web)).filter((name) => name.endsWith('.go') && !name.endsWith('_test.go')).slice(0, 20);
  for (const name of names) {
    const path = healthPathIn(goPatterns(await repository.readText(prefix + name)));
    if (path) return { path, file: prefix + name };
  }
  return { path: undefined, file: '' };
}

/** Patterns of net/http may begin with a method: `"GET /health"`. */
function goPatterns(text: string | undefined): string | undefined {
  return text?.replace(/(["`])(?:GET|HEAD) \//g, '$1/');
}

async function existing(repository: RepositoryView, paths: string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(async (path) => (await repository.list(path)).length > 0));
  return paths.filter((_, index) => found[index]);
}
