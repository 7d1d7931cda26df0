import type { RepositoryView } from '../recipe.ts';
import { matchLine } from '../reading/search.ts';
import type { Manifest } from './manifest.ts';

/** How an app's packages are installed and its scripts are run. */
export interface PackageManager {
  name: 'npm' | 'pnpm' | 'yarn';
  /** Files that decide what is installed, beside package.json. */
  files: string[];
  /** Installs everything, also what only development needs. */
  install: string;
  /** Takes away what only development needs; undefined where the manager cannot. */
  prune: string | undefined;
  run(script: string): string;
  /** Download caches: name → path. */
  caches: Record<string, string>;
  variables: Record<string, string>;
  notes: string[];
}

const npmCache = { npm: '/home/app/.npm' };

/** Chooses by lockfile, then by package.json's packageManager, then npm. */
export async function packageManager(repository: RepositoryView, manifest: Manifest): Promise<PackageManager> {
  const asked = manifest.packageManager?.match(/^(npm|pnpm|yarn)@(\d{1,3}\.\d{1,3}\.\d{1,4}(?:-[\w.]{1,20})?)(?:\+|$)/);
  const version = (name: string) => (asked?.[1] === name ? asked[2] : undefined);
  if (await repository.exists('pnpm-lock.yaml')) return pnpm(await pnpmVersion(repository, version('pnpm')), { locked: true });
  if (await repository.exists('yarn.lock')) return yarn(repository, version('yarn'));
  if (await repository.exists('package-lock.json')) return npm('package-lock.json');
  if (await repository.exists('npm-shrinkwrap.json')) return npm('npm-shrinkwrap.json');
  if (asked?.[1] === 'pnpm') return pnpm(asked[2]!, { locked: false });
  const unlocked = npm(undefined);
  if ((await repository.exists('bun.lock')) || (await repository.exists('bun.lockb'))) {
    unlocked.notes.push('Bun\'s lockfile is not read: packages are installed by npm without a lockfile.');
  }
  return unlocked;
}

function npm(lockfile: string | undefined): PackageManager {
  const quiet = '--no-audit --no-fund';
  return {
    name: 'npm',
    files: lockfile ? [lockfile] : [],
    install: lockfile ? `npm ci ${quiet}` : `npm install ${quiet} --no-package-lock`,
    prune: `npm prune --omit=dev ${quiet}`,
    run: (script) => (script === 'test' ? 'npm test' : `npm run ${script}`),
    caches: npmCache,
    variables: {},
    notes: lockfile ? [] : ['There is no lockfile: each install may bring other versions. Commit package-lock.json.'],
  };
}

/** pnpm itself comes from the npm registry by npx, so that the image needs neither corepack nor pnpm. */
function pnpm(version: string, { locked }: { locked: boolean }): PackageManager {
  const tool = `npx --yes pnpm@${version}`;
  return {
    name: 'pnpm',
    files: locked ? ['pnpm-lock.yaml'] : [],
    install: `${tool} install ${locked ? '--frozen-lockfile' : '--no-frozen-lockfile'}`,
    prune: `${tool} prune --prod --ignore-scripts`,
    run: (script) => `${tool} run ${script}`,
    caches: { ...npmCache, pnpm: '/home/app/.pnpm-store' },
    variables: { npm_config_store_dir: '/home/app/.pnpm-store' },
    notes: locked ? [] : ['There is no lockfile: each install may bring other versions. Commit pnpm-lock.yaml.'],
  };
}

/** Lockfile formats and the oldest major version of pnpm that writes them. */
async function pnpmVersion(repository: RepositoryView, asked: string | undefined): Promise<string> {
  if (asked) return asked;
  const format = matchLine(await repository.readText('pnpm-lock.yaml'), /^lockfileVersion:\s*'?(\d+)/)?.[1];
  return { '5': '7', '6': '8' }[format ?? ''] ?? '10';
}

async function yarn(repository: RepositoryView, asked: string | undefined): Promise<PackageManager> {
  const lockfile = await repository.readText('yarn.lock');
  const isClassic = asked ? asked.startsWith('1.') : matchLine(lockfile, /^__metadata:/) === undefined;
  if (isClassic) {
    const tool = `npx --yes yarn@${asked ?? '1.22.22'}`;
    return {
      name: 'yarn',
      files: ['yarn.lock'],
      install: `${tool} install --frozen-lockfile --non-interactive`,
      prune: `${tool} install --frozen-lockfile --non-interactive --production --ignore-scripts --prefer-offline`,
      run: (script) => `${tool} run ${script}`,
      caches: { ...npmCache, yarn: '/home/app/.yarn-cache' },
      variables: { YARN_CACHE_FOLDER: '/home/app/.yarn-cache' },
      notes: [],
    };
  }
  const tool = `npx --yes @yarnpkg/cli-dist@${asked ?? '4'}`;
  return {
    name: 'yarn',
    files: ['yarn.lock'],
    install: `${tool} install --immutable`,
    prune: undefined,
    run: (script) => `${tool} run ${script}`,
    caches: { ...npmCache, yarn: '/home/app/.yarn-global' },
    variables: { YARN_GLOBAL_FOLDER: '/home/app/.yarn-global', YARN_NODE_LINKER: 'node-modules', YARN_ENABLE_TELEMETRY: '0' },
    notes: ['Yarn 2 and later installs into node_modules here (YARN_NODE_LINKER), and the image keeps the development packages.'],
  };
}
