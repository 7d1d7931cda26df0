import {
  buildMark, commandLine, copyOwned, dockerfileOf, environmentLine, imageArguments, installMark, runWithCaches, workStage, writableFolders,
} from '../image/parts.ts';

export interface RailsImage {
  files: string[];
  hasAssets: boolean;
}

export const bundlerCaches = { bundler: '/home/app/.bundler-cache' };
const gems = '/opt/bundle';
const variables = { RAILS_ENV: 'production', BUNDLE_DEPLOYMENT: '1', BUNDLE_WITHOUT: 'development:test', BUNDLE_PATH: gems };

/** Image of a Rails app: gems made from the lockfile alone, assets compiled, Puma in front. */
export function railsDockerfile({ files, hasAssets }: RailsImage): string {
  return dockerfileOf(
    imageArguments,
    workStage('dependencies', { ...variables, BUNDLE_GLOBAL_GEM_CACHE: '1', BUNDLE_USER_CACHE: bundlerCaches.bundler }),
    `USER root\nRUN install -d -o 10001 -g 10001 ${gems}\nUSER 10001:10001`,
    copyOwned(files, './'),
    installMark,
    runWithCaches(bundlerCaches, 'bundle install'),
    '',
    'FROM dependencies AS build',
    copyOwned(['.'], './'),
    buildMark,
    runWithCaches({}, hasAssets ? 'SECRET_KEY_BASE_DUMMY=1 bundle exec rails assets:precompile' : 'true'),
    '',
    'FROM ${RUNTIME}',
    'WORKDIR /app',
    `COPY --chown=0:0 --from=dependencies ${gems} ${gems}`,
    'COPY --chown=0:0 --from=build /app ./',
    writableFolders(['log', 'storage', 'tmp', 'tmp/pids', 'tmp/cache']),
    environmentLine({ HOME: '/home/app', PORT: '3000', ...variables, RAILS_LOG_TO_STDOUT: '1', RAILS_SERVE_STATIC_FILES: '1' }),
    'USER 10001:10001',
    'EXPOSE 3000',
    commandLine({ words: ['bundle', 'exec', 'puma', '-C', 'config/puma.rb'] }),
  );
}
