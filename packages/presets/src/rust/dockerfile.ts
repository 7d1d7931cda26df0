import {
  buildMark, cacheMount, commandLine, copyOwned, dockerfileOf, environmentLine, imageArguments, runWithCaches, workStage,
} from '../image/parts.ts';

export interface RustImage {
  programs: string[];
  web: string;
  isLocked: boolean;
  assets: string[];
}

export const cargoCaches = { cargo: '/home/app/.cargo' };
/** Official images put it elsewhere. */
export const cargoVariables = { CARGO_HOME: '/home/app/.cargo', CARGO_TERM_COLOR: 'never' };

/**
 * Image of Rust programs. What is compiled stays in a cache between builds, one build at a time. Cargo trusts file times,
 * which say nothing across checkouts of other commits, so all files are touched: own code is compiled anew, crates are not.
 */
export function rustDockerfile({ programs, web, isLocked, assets }: RustImage): string {
  const bins = programs.map((name) => `--bin ${name}`).join(' ');
  const copies = programs.map((name) => `target/release/${name}`).join(' ');
  return dockerfileOf(
    imageArguments,
    workStage('build', cargoVariables),
    copyOwned(['.'], './'),
    buildMark,
    runWithCaches(
      cargoCaches,
      `find . -path ./target -prune -o -type f -exec touch {} + && cargo build --release${isLocked ? ' --locked' : ''} ${bins} && mkdir -p bin && cp ${copies} bin/`,
      [cacheMount('cargo-target', '/app/target', 'alone')],
    ),
    '',
    'FROM ${RUNTIME}',
    'WORKDIR /app',
    ...assets.map((folder) => `COPY ["${folder}/", "./${folder}/"]`),
    'COPY --chown=0:0 --from=build /app/bin ./bin',
    environmentLine({ HOME: '/home/app', PORT: '8080', PATH: '/app/bin:${PATH}' }),
    'USER 10001:10001',
    'EXPOSE 8080',
    commandLine({ words: [`/app/bin/${web}`] }),
  );
}
