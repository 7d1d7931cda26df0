import { RedControlError } from '@redcontrol/contract';
import { databaseImage, takeDatabase } from '../database-image.ts';
import { isMapping, memberOf, membersOf, readSource, textOf, type SourceFile } from '../source-file.ts';
import { leave, newTake, takeProcess, type Take } from '../take.ts';
import { takeBuild } from './take-build.ts';
import { commandOf, takeService } from './take-service.ts';

const maxServices = 100;
const proxies = /(^|\/)(nginx|traefik|caddy|haproxy|nginx-proxy|acme-companion|certbot|swag)(:|@|$)/;
const usualWeb = ['web', 'app', 'api', 'server', 'backend'];
const harmlessTop = new Set(['version', 'name', 'services', 'volumes']);

/**
 * What a docker-compose.yml says: the services built from the repository become processes of one app, database images
 * the environment's database and Redis. Pure. Throws CONFIG_INVALID for what is no compose file.
 */
export function convertCompose(text: string, file: string): Take {
  const source = readSource(text, file);
  const services = memberOf(source.data, 'services');
  const count = membersOf(services).length;
  if (!isMapping(services) || count === 0) throw new RedControlError('CONFIG_INVALID', `Expected "services:" with services in ${file}, got none`, { hint: 'Files of the first version of Compose, without that key, are not read.' });
  if (count > maxServices) throw new RedControlError('CONFIG_INVALID', `Expected at most ${maxServices} services in ${file}, got ${count}`);
  const take = newTake(file);
  for (const [key] of membersOf(source.data)) if (!harmlessTop.has(key) && !key.startsWith('x-')) leave(take, source.lineOf([key]), key, key === 'networks' ? 'each environment has one network of its own' : 'it has no counterpart');
  const app = appServices(services);
  const web = webOf(services, app);
  for (const [name, service] of membersOf(services)) {
    const line = source.lineOf(['services', name]);
    if (app.includes(name)) takeAppService(take, source, { name, isWeb: name === web, hosts: new Set(Object.keys(services)) });
    else leaveService(take, { name, service, line, isApp: web !== undefined });
  }
  if (web !== undefined) takeBuild(take, source, web);
  return take;
}

/**
 * The services that are built as the app is: of several builds those of the one that serves. Where none is built, those
 * of the image by a usual name, which somebody has built from the repository before.
 */
function appServices(services: Record<string, unknown>): string[] {
  const built = Object.keys(services).filter((name) => memberOf(services, name, 'build') !== undefined);
  const web = built.length > 0 ? webOf(services, built) : usualWeb.find((name) => isOwnImage(textOf(memberOf(services, name, 'image'))));
  if (web === undefined) return [];
  if (built.length === 0) return Object.keys(services).filter((name) => memberOf(services, name, 'image') === memberOf(services, web, 'image'));
  const build = buildText(memberOf(services, web, 'build'));
  const image = textOf(memberOf(services, web, 'image'));
  return Object.keys(services).filter((name) => {
    const own = memberOf(services, name, 'build');
    return own === undefined ? image !== undefined && memberOf(services, name, 'image') === image : buildText(own) === build;
  });
}

/** The service that is asked from outside: by its name, else the first with a port, else the first. */
function webOf(services: Record<string, unknown>, names: readonly string[]): string | undefined {
  const hasPort = (name: string) => memberOf(services, name, 'ports') !== undefined;
  return usualWeb.find((name) => names.includes(name)) ?? names.find(hasPort) ?? names[0];
}

/** No database and no proxy. */
function isOwnImage(image: string | undefined): boolean {
  return image !== undefined && !databaseImage(image) && !proxies.test(image);
}

function buildText(build: unknown): string {
  const context = (textOf(build) ?? textOf(memberOf(build, 'context')) ?? '.').replace(/^\.\/|\/+$/g, '') || '.';
  return `${context}\0${textOf(memberOf(build, 'dockerfile')) ?? ''}\0${textOf(memberOf(build, 'target')) ?? ''}`;
}

function takeAppService(take: Take, source: SourceFile, { name, isWeb, hosts }: { name: string; isWeb: boolean; hosts: ReadonlySet<string> }): void {
  const line = source.lineOf(['services', name]);
  const service = memberOf(source.data, 'services', name);
  if (!isWeb && /^(migrate|migrations?|db-migrate|migrator)$/.test(name)) {
    const run = commandOf(service);
    if (run !== undefined && take.migrate === undefined) {
      take.migrate = { run, file: take.file, line };
      return;
    }
  }
  const process = takeProcess(take, isWeb ? 'web' : name, line);
  if (process) takeService(take, source, { name, isWeb, process, hosts });
}

function leaveService(take: Take, { name, service, line, isApp }: { name: string; service: unknown; line: number; isApp: boolean }): void {
  const image = textOf(memberOf(service, 'image'));
  const database = image === undefined ? undefined : databaseImage(image);
  if (!isMapping(service)) return leave(take, line, `the service ${name}`, 'expected a mapping');
  if (service.build !== undefined) return leave(take, line, `the service ${name}`, isApp ? 'it is built as another app: "apps" is not carried out yet, so give it a redcontrol.yml of its own with "root"' : 'its build is not to be understood');
  if (database) {
    if (!takeDatabase(take, database)) return leave(take, line, `the service ${name}`, 'an environment has one database and one Redis');
    return leave(take, line, `the data of ${name}`, 'they are not copied, and its other settings are not taken: dump them there, load them here');
  }
  if (image !== undefined && proxies.test(image)) return leave(take, line, `the service ${name}`, 'RedControl\'s own proxy takes the traffic and gets certificates; rules of its files are not read');
  leave(take, line, `the service ${name}`, `RedControl runs no foreign images beside the app${image === undefined ? '' : ` (${image.slice(0, 60)})`}: run it elsewhere and give its address by a variable`);
}
