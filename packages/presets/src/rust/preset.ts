import type { AppRecipe, Detection, Preset, RepositoryView } from '../recipe.ts';
import { commonIgnore } from '../image/ignore.ts';
import { healthNote, healthPathIn } from '../reading/health-path.ts';
import { crateOf, webProgram, type Crate } from './crate.ts';
import { cargoCaches, cargoVariables, rustDockerfile } from './dockerfile.ts';

export const rust: Preset = { framework: 'rust', title: 'Rust', detect, describe };

const servers = ['axum', 'actix-web', 'rocket', 'warp', 'hyper', 'poem', 'salvo', 'tide'];

async function detect(repository: RepositoryView): Promise<Detection | undefined> {
  const crate = await crateOf(repository);
  if (!crate) return undefined;
  if (crate.programs.length === 0) return { framework: 'rust', certainty: 'unsure', reason: crate.notes[0] ?? 'Cargo.toml is there, but no program (src/main.rs, src/bin or [[bin]]).' };
  if (!webProgram(crate)) return { framework: 'rust', certainty: 'unsure', reason: `Cargo.toml has several programs: ${crate.programs.slice(0, 10).join(', ')}. Set framework: rust and processes.web.run, or default-run.` };
  const server = servers.find((name) => crate.dependencies.has(name));
  if (server) return { framework: 'rust', certainty: 'certain', reason: `Cargo.toml depends on ${server}.` };
  return { framework: 'rust', certainty: 'likely', reason: 'Cargo.toml has a program, though no known web framework.' };
}

async function describe(repository: RepositoryView): Promise<AppRecipe> {
  const crate: Crate = (await crateOf(repository)) ?? {
    manifests: [], programs: [], defaultProgram: undefined, dependencies: new Set(), version: undefined, mainFile: undefined, isWorkspace: false, notes: ['There is no Cargo.toml.'],
  };
  const isLocked = await repository.exists('Cargo.lock');
  const locked = isLocked ? ' --locked' : '';
  const assets = await existing(repository, ['templates', 'static', 'public', 'assets', 'config']);
  const programs = crate.programs.length > 0 ? crate.programs : ['app'];
  const health = healthPathIn(crate.mainFile === undefined ? undefined : await repository.readText(crate.mainFile));
  const workspace = crate.isWorkspace ? ' --workspace' : '';
  const keyFiles = [...crate.manifests, ...(isLocked ? ['Cargo.lock'] : [])];
  return {
    framework: 'rust',
    toolchain: { kind: 'rust', ...(crate.version && { version: crate.version }) },
    // Debian 13, as the toolchain's: a binary runs on the C library that it was built with, or a newer one.
    runtime: { kind: 'base', version: 'trixie', slim: true },
    dockerfile: rustDockerfile({ programs, web: webProgram(crate) ?? programs[0]!, isLocked, assets }),
    ignore: [...commonIgnore, 'target', 'bin'],
    dependencies: { keyFiles, run: crate.isWorkspace ? `cargo fetch${locked}` : prebuild(locked) },
    caches: cargoCaches,
    stages: { build: `cargo build${locked}${workspace}`, migrate: undefined, test: `cargo test${locked}${workspace}` },
    variables: { CI: '1', ...cargoVariables, CARGO_PROFILE_DEV_DEBUG: 'line-tables-only' },
    release: { migrate: undefined, web: undefined, port: 8080, healthPath: health ?? '/', variables: {} },
    notes: [...notesOf(crate, { isLocked, assets }), healthNote(health, crate.mainFile ?? '')],
  };
}

/**
 * Compiles all dependencies (also those of tests) into target/ beside an empty program in another folder, so that the steps
 * compile only the app's own code. The result depends on Cargo.toml and Cargo.lock alone.
 */
function prebuild(locked: string): string {
  const folder = '/tmp/dependencies';
  return [
    `rm -rf ${folder} && mkdir -p ${folder}/src target`,
    `cp Cargo.* ${folder}/`,
    `touch ${folder}/src/lib.rs && echo "fn main() {}" > ${folder}/src/main.rs`,
    `{ (cd ${folder} && CARGO_TARGET_DIR="$OLDPWD/target" cargo build${locked} --all-targets) || cargo fetch${locked}; }`,
  ].join(' && ');
}

function notesOf(crate: Crate, found: { isLocked: boolean; assets: string[] }): string[] {
  const notes = [...crate.notes, 'The app must listen on the port that PORT names, on all addresses.'];
  if (!found.isLocked) notes.push('There is no Cargo.lock: each build may take other versions. Commit it.');
  if (crate.programs.length === 0) notes.push('No program was found (src/main.rs, src/bin or [[bin]]).');
  else if (!webProgram(crate)) notes.push('Which program serves the web is not clear: set processes.web.run.');
  if (crate.programs.length > 1) notes.push(`All programs are built into /app/bin: ${crate.programs.slice(0, 20).join(', ')}.`);
  if (found.assets.length > 0) notes.push(`The image also holds ${found.assets.join(', ')}.`);
  const tool = ['sqlx', 'diesel', 'sea-orm', 'refinery'].find((name) => crate.dependencies.has(name));
  if (tool) notes.push(`${tool} is among the dependencies: migrations are taken to run when the app starts. If not, write a program that migrates, and a step "migrate".`);
  return notes;
}

async function existing(repository: RepositoryView, paths: string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(async (path) => (await repository.list(path)).length > 0));
  return paths.filter((_, index) => found[index]);
}
