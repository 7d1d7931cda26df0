import { matchesPattern, plainPath, type ProjectConfig, type RunApp } from '@redcontrol/contract';

type Apps = NonNullable<ProjectConfig['apps']>;

/** What is known of the files that changed since an app was built last; without it the app counts as concerned. */
export type Changes =
  | { kind: 'unknown'; reason: 'nothing-live' | 'configuration' | 'by-hand' | 'deploys-nowhere' | 'history' | 'too-many' | 'rollback' | 'new'; detail: string }
  | { kind: 'known'; base: string; paths: readonly string[] };

/** Files at the top of the repository that may concern every app: what is installed or how it is built. */
const rootFiles = new Set([
  'redcontrol.yml', 'package.json', 'package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'bun.lock', 'bun.lockb',
  'poetry.lock', 'uv.lock', 'Pipfile.lock', 'requirements.txt', 'pyproject.toml', 'go.work', 'go.work.sum', 'go.mod', 'go.sum', 'Cargo.toml', 'Cargo.lock',
  'composer.lock', 'Gemfile.lock', '.gitmodules', '.dockerignore', '.npmrc',
]);

/** Which apps a push concerns, and why, in the configuration's order. Pure: all that is doubtful concerns. `changesOf`: since each app was built last, in each environment. */
export function concernedApps(apps: Apps, changesOf: (app: string) => readonly Changes[]): RunApp[] {
  return Object.entries(apps).map(([name, app]) => {
    const verdicts = changesOf(name).map((changes) => judge(app, changes));
    const verdict = verdicts.find(({ concerned }) => concerned) ?? verdicts[0] ?? { concerned: true, reason: 'deploys-nowhere' as const, detail: '' };
    return { name, ...verdict, text: textOf(name, verdict) };
  });
}

type Verdict = Pick<RunApp, 'concerned' | 'reason' | 'detail'>;

function judge({ root, watch }: Apps[string], changes: Changes): Verdict {
  if (changes.kind === 'unknown') return { concerned: true, reason: changes.reason, detail: changes.detail };
  if (watch === 'always') return { concerned: true, reason: 'always', detail: '' };
  const top = changes.paths.find((path) => rootFiles.has(path));
  if (top !== undefined) return { concerned: true, reason: 'root-file', detail: top };
  const patterns = watch ?? [root];
  const changed = changes.paths.find((path) => patterns.some((pattern) => concerns(pattern, path)));
  return changed === undefined ? { concerned: false, reason: 'unchanged', detail: changes.base.slice(0, 8) } : { concerned: true, reason: 'changed', detail: changed.slice(0, 200) };
}

/** A pattern is a file, a folder with all in it, or has `*` (within a folder's name) and `**`. */
function concerns(pattern: string, path: string): boolean {
  const plain = plainPath(pattern);
  return plain === '' || path === plain || path.startsWith(`${plain}/`) || matchesPattern(plain, path);
}

function textOf(app: string, { reason, detail }: Verdict): string {
  switch (reason) {
    case 'changed': return `${app}: ${detail} changed.`;
    case 'root-file': return `${app}: ${detail} changed, which concerns every app.`;
    case 'always': return `${app}: every push concerns it (watch: always).`;
    case 'new': return `${app}: it was not part of the live release${detail === '' ? '' : ` of ${detail}`}.`;
    case 'nothing-live': return `${app}: nothing is live in ${detail} yet.`;
    case 'configuration': return `${app}: the configuration changed since the live release${detail === '' ? '' : ` of ${detail}`}.`;
    case 'by-hand': return `${app}: the run was started by hand, which concerns every app.`;
    case 'deploys-nowhere': return `${app}: the run deploys nowhere, so there is no live release to compare with.`;
    case 'history': return `${app}: what is live (${detail}) is not in the history of this commit.`;
    case 'too-many': return `${app}: more files changed since ${detail} than are looked at.`;
    case 'rollback': return `${app}: it is part of the release that comes back.`;
    case 'unchanged': return `${app}: none of its files changed since ${detail}, it is left as it is.`;
  }
}
