import { dockerfileOf, environmentLine, imageArguments, writableFolders } from '../image/parts.ts';
import { buildStage, dependencyStage, nodeDockerfile, type NodeImage } from '../node/dockerfile.ts';

export type NextImage = Pick<NodeImage, 'manager' | 'inputs' | 'build' | 'prune'>;

/** The compiler's cache lives between builds, one build at a time. */
const kept = { next: '.next/cache' };
const variables = { NEXT_TELEMETRY_DISABLED: '1' };

/** The image of an app with `output: "standalone"`: only the files that Next.js traced. */
export function standaloneDockerfile(image: NextImage): string {
  if (image.inputs.isWorkspace) return servedDockerfile(image);
  return dockerfileOf(
    imageArguments,
    dependencyStage(image),
    '',
    buildStage({ ...image, kept }),
    'RUN mkdir -p public',
    '',
    'FROM ${RUNTIME}',
    'WORKDIR /app',
    'COPY --chown=0:0 --from=build /app/.next/standalone ./',
    'COPY --chown=0:0 --from=build /app/.next/static ./.next/static',
    'COPY --chown=0:0 --from=build /app/public ./public',
    writableFolders(['.next/cache']),
    environmentLine({ HOME: '/home/app', NODE_ENV: 'production', PORT: '3000', HOSTNAME: '0.0.0.0', ...variables }),
    'USER 10001:10001',
    'EXPOSE 3000',
    'CMD ["node","server.js"]',
  );
}

/** The image of an app that `next start` serves. */
export function servedDockerfile(image: NextImage): string {
  return nodeDockerfile({
    ...image,
    start: { shell: 'exec next start --hostname 0.0.0.0 --port "$PORT"' },
    port: 3000,
    variables,
    writable: ['.next/cache'],
    kept,
  });
}
