import {
  buildMark, commandLine, copyOwned, dockerfileOf, environmentLine, imageArguments, installMark, runWithCaches, workStage,
} from '../image/parts.ts';

export interface GoImage {
  /** Folder of each program → its name in the image. */
  programs: { folder: string; name: string }[];
  web: string;
  usesC: boolean;
  isVendored: boolean;
  hasSum: boolean;
  /** Folders that programs read when they run, such as templates. */
  assets: string[];
}

export const goCaches = { 'go-modules': '/home/app/.go-modules', 'go-build': '/home/app/.go-build' };
/** Official images put these elsewhere, so they are set in both places. The version control stamp fails on a checkout of another user. */
export const goVariables = { GOPATH: '/home/app/go', GOMODCACHE: '/home/app/.go-modules', GOCACHE: '/home/app/.go-build', GOFLAGS: '-buildvcs=false' };

/** Image of Go programs: static files on an image without tools. */
export function goDockerfile(image: GoImage): string {
  const builds = image.programs.map(({ folder, name }) => `go build -trimpath -ldflags="-s -w" -o /app/bin/${name} ./${folder === '.' ? '' : folder}`);
  return dockerfileOf(
    imageArguments,
    workStage('build', { ...goVariables, CGO_ENABLED: image.usesC ? '1' : '0' }),
    !image.isVendored && copyOwned(image.hasSum ? ['go.mod', 'go.sum'] : ['go.mod'], './'),
    !image.isVendored && installMark,
    !image.isVendored && runWithCaches(goCaches, 'go mod download'),
    copyOwned(['.'], './'),
    buildMark,
    runWithCaches(goCaches, `mkdir -p /app/bin && ${builds.join(' && ')}`),
    '',
    'FROM ${RUNTIME}',
    'WORKDIR /app',
    ...image.assets.map((folder) => `COPY ["${folder}/", "./${folder}/"]`),
    'COPY --chown=0:0 --from=build /app/bin ./bin',
    environmentLine({ HOME: '/home/app', PORT: '8080', PATH: '/app/bin:${PATH}' }),
    'USER 10001:10001',
    'EXPOSE 8080',
    commandLine({ words: [`/app/bin/${image.web}`] }),
  );
}
