import type { RepositoryView } from '../recipe.ts';
import { matchLine, matchLines } from '../reading/search.ts';

/** What a Django project's files say. */
export interface DjangoProject {
  /** Such as `shop.settings`; undefined when manage.py does not say it. */
  settingsModule: string | undefined;
  /** `shop.wsgi`, or undefined. */
  wsgiModule: string | undefined;
  asgiModule: string | undefined;
  hasStaticRoot: boolean;
  /** Variables without which the settings cannot be loaded. */
  requiredVariables: string[];
  /** Text of all settings files. */
  settings: string;
  urls: string;
}

const moduleName = /^[A-Za-z_]\w{0,60}(\.[A-Za-z_]\w{0,60}){0,4}$/;

export async function djangoProject(repository: RepositoryView): Promise<DjangoProject> {
  const manage = await repository.readText('manage.py');
  const named = matchLine(manage, /DJANGO_SETTINGS_MODULE["']\s*,\s*["']([\w.]{1,200})["']/)?.[1];
  const settingsModule = named && moduleName.test(named) ? named : undefined;
  const settings = settingsModule ? await settingsText(repository, settingsModule) : '';
  const packageName = settingsModule?.split('.')[0];
  return {
    settingsModule,
    wsgiModule: await moduleIf(repository, packageName, 'wsgi'),
    asgiModule: await moduleIf(repository, packageName, 'asgi'),
    hasStaticRoot: matchLine(settings, /^\s*STATIC_ROOT\s*(?::\s*\w+\s*)?=/) !== undefined,
    requiredVariables: requiredVariablesOf(settings),
    settings,
    urls: (packageName && (await repository.readText(`${packageName}/urls.py`))) ?? '',
  };
}

/** A module's file, or all files of its package: settings are often split into base, production and so on. */
async function settingsText(repository: RepositoryView, module: string): Promise<string> {
  const path = module.replaceAll('.', '/');
  const folder = (await repository.exists(`${path}.py`)) ? path.slice(0, Math.max(0, path.lastIndexOf('/'))) : path;
  const names = folder.endsWith('settings') ? (await repository.list(folder)).filter((name) => name.endsWith('.py')).slice(0, 20) : [];
  const texts = await Promise.all([`${path}.py`, ...names.map((name) => `${folder}/${name}`)].map((file) => repository.readText(file)));
  return texts.filter((text) => text !== undefined).join('\n');
}

async function moduleIf(repository: RepositoryView, packageName: string | undefined, name: string): Promise<string | undefined> {
  return packageName && (await repository.exists(`${packageName}/${name}.py`)) ? `${packageName}.${name}` : undefined;
}

/** `os.environ["NAME"]` raises without it, as django-environ's and decouple's calls with one argument do. */
function requiredVariablesOf(settings: string): string[] {
  const name = '["\']([A-Za-z_]\\w{0,100})["\']';
  const patterns = [new RegExp(`os\\.environ\\[${name}\\]`), new RegExp(`\\b(?:env|config)(?:\\.\\w{1,20})?\\(${name}\\)`)];
  const names = patterns.flatMap((pattern) => matchLines(settings, pattern).map((match) => match[1]!));
  return [...new Set(['SECRET_KEY', 'DJANGO_SECRET_KEY', ...names])].slice(0, 50);
}
