import type { Framework } from '@redcontrol/contract';
import type { ImageNeed } from '@redcontrol/presets';

/** One fixture app and what shows that each part of its preset works. */
export interface PresetCase {
  /** Folder in packages/presets/fixtures. */
  fixture: string;
  framework: Framework;
  /** A way to lock packages that the fixture does not have: made here, since such lockfiles name a registry's host. */
  variant?: { name: string; image: ImageNeed; command: string };
  /** The app uses PostgreSQL, and this is what its page says of the empty table. */
  database?: RegExp;
  variables?: Record<string, string>;
  /** File with the version that the page shows. */
  versionFile: string;
  /** What the test command says when it has really run a test. */
  ranTests?: RegExp;
  /** Line of the build that must come from the cache after a change of code. */
  cachedStep?: RegExp;
  healthPath: string;
}

export const presetCases: PresetCase[] = [
  { fixture: 'express', framework: 'node', versionFile: 'app.js', ranTests: /pass 1\b/, cachedStep: /npm ci/, healthPath: '/health' },
  { fixture: 'fastify', framework: 'node', database: /"goods":0/, versionFile: 'src/app.ts', ranTests: /pass 1\b/, cachedStep: /npm ci/, healthPath: '/health' },
  { fixture: 'nextjs', framework: 'nextjs', versionFile: 'version.mjs', ranTests: /pass 1\b/, cachedStep: /npm ci/, healthPath: '/health' },
  { fixture: 'vite', framework: 'vite', versionFile: 'index.html', ranTests: /pass 1\b/, cachedStep: /npm ci/, healthPath: '/' },
  {
    fixture: 'django', framework: 'django', database: /, 0 goods/, variables: { SECRET_KEY: 'a-key-for-tests' }, versionFile: 'goods/views.py',
    ranTests: /Ran 1 test/, cachedStep: /pip install/, healthPath: '/health/',
  },
  { fixture: 'flask', framework: 'flask', database: /, 0 goods/, versionFile: 'app.py', ranTests: /1 passed/, cachedStep: /pip install/, healthPath: '/health' },
  { fixture: 'fastapi', framework: 'fastapi', database: /"goods":0/, versionFile: 'app/main.py', ranTests: /1 passed/, cachedStep: /pip install/, healthPath: '/health' },
  { fixture: 'go', framework: 'go', database: /, 0 goods/, versionFile: 'main.go', ranTests: /ok\s+example\.com\/shop/, cachedStep: /go mod download/, healthPath: '/health' },
  { fixture: 'rust', framework: 'rust', versionFile: 'src/main.rs', ranTests: /1 passed/, healthPath: '/health' },
  { fixture: 'spring-boot', framework: 'spring-boot', versionFile: 'src/main/java/com/example/shop/ShopApplication.java', ranTests: /Tests run: 1/, cachedStep: /go-offline/, healthPath: '/actuator/health' },
  nodeVariant('pnpm', 'npx --yes pnpm@10 install --lockfile-only', /pnpm@10 install/),
  nodeVariant('yarn', 'npx --yes yarn@1.22.22 install && rm -rf node_modules', /yarn@1\.22\.22 install/),
  nodeVariant('yarn-berry', 'YARN_ENABLE_IMMUTABLE_INSTALLS=0 npx --yes @yarnpkg/cli-dist@4 install --mode=update-lockfile', /cli-dist@4 install/),
  {
    fixture: 'fastapi', framework: 'fastapi', database: /"goods":0/, versionFile: 'app/main.py', ranTests: /1 passed/, cachedStep: /uv sync/, healthPath: '/health',
    variant: {
      name: 'uv', image: { kind: 'python' },
      command: 'rm requirements*.txt && python3 -m venv /tmp/uv && /tmp/uv/bin/pip install --no-input uv && UV_SYSTEM_CERTS=1 /tmp/uv/bin/uv lock',
    },
  },
  { fixture: 'dockerfile', framework: 'dockerfile', versionFile: 'server.pl', healthPath: '/healthz' },
];

function nodeVariant(name: string, command: string, cachedStep: RegExp): PresetCase {
  return {
    fixture: 'express', framework: 'node', versionFile: 'app.js', ranTests: /pass 1\b/, cachedStep, healthPath: '/health',
    variant: { name, image: { kind: 'node' }, command: `rm package-lock.json && ${command}` },
  };
}
