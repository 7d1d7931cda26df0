import { dockerfileOf, imageArguments } from '../image/parts.ts';
import { buildStage, dependencyStage, type NodeImage } from '../node/dockerfile.ts';

export interface SiteImage extends Pick<NodeImage, 'manager' | 'inputs' | 'build'> {
  /** Where the build puts the site. */
  folder: string;
  /** Unknown paths get index.html, as apps with a router in the browser need it. */
  singlePage: boolean;
}

/** Built files on the static server. */
export function siteDockerfile(site: SiteImage): string {
  return dockerfileOf(imageArguments, dependencyStage(site), '', buildStage({ ...site, kept: {} }), '', ...staticEnd(`COPY --chown=0:0 --from=build /app/${site.folder} /srv/www`, site.singlePage));
}

/** Files of the repository as they are. */
export function plainSiteDockerfile(folder: string): string {
  return dockerfileOf(imageArguments, ...staticEnd(`COPY ${JSON.stringify([folder === '' ? '.' : `${folder}/`, '/srv/www/'])}`, false));
}

function staticEnd(copy: string, singlePage: boolean): string[] {
  return ['FROM ${RUNTIME}', copy, `ENV PORT=8080 SINGLE_PAGE=${singlePage ? '1' : '0'}`, 'USER 10001:10001', 'EXPOSE 8080'];
}
