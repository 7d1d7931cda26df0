import type { RepositoryView } from '../recipe.ts';
import { matchLine } from '../reading/search.ts';

/** Where the application object is. */
export interface AppObject {
  /** `package.module:name`, or `package.module:create_app()`. */
  reference: string;
  module: string;
  path: string;
  text: string;
  /** A function makes the application. */
  isFactory: boolean;
}

const fileNames = ['wsgi.py', 'asgi.py', 'main.py', 'app.py', 'application.py', 'server.py', 'api.py', 'run.py', '__init__.py'];
const maxFolders = 30;

/** Looks for `name = Class(` or a function create_app in the files where apps are mostly made, at the root and one folder down. */
export async function findAppObject(repository: RepositoryView, className: 'Flask' | 'FastAPI'): Promise<AppObject | undefined> {
  for (const path of await candidateFiles(repository)) {
    const text = await repository.readText(path);
    const module = text === undefined ? undefined : moduleOf(path);
    if (text === undefined || module === undefined) continue;
    const name = objectIn(text, className) ?? importedIn(path, text);
    if (name) return { reference: `${module}:${name}`, module, path, text, isFactory: name.endsWith('()') };
  }
  return undefined;
}

/** `app = Flask(`, `app: FastAPI = FastAPI(`, `app = create_app(`, or the function itself. */
function objectIn(text: string, className: string): string | undefined {
  const name = '([A-Za-z_][A-Za-z0-9_]{0,60})';
  const direct = matchLine(text, new RegExp(`^${name}\\s*(?::\\s*[\\w.]{1,60}\\s*)?=\\s*(?:[a-z_]{1,30}\\.)?${className}\\(`))?.[1];
  const made = matchLine(text, new RegExp(`^${name}\\s*=\\s*(?:\\w{1,60}\\.)?(?:create|make|build)_(?:app|application)\\(`))?.[1];
  const object = direct ?? made;
  if (object) return object;
  const factory = matchLine(text, /^(?:async\s+)?def\s+((?:create|make|build)_(?:app|application))\(/)?.[1];
  return factory && text.includes(`${className}(`) ? `${factory}()` : undefined;
}

/** wsgi.py and asgi.py are there to name the application, which they mostly import. */
function importedIn(path: string, text: string): string | undefined {
  if (!/(^|\/)[aw]sgi\.py$/.test(path)) return undefined;
  return matchLine(text, /^from\s+[\w.]{1,100}\s+import\s+(?:\w{1,60}\s+as\s+)?(app|application)\s*(?:#.*)?$/)?.[1];
}

async function candidateFiles(repository: RepositoryView): Promise<string[]> {
  const roots = [''];
  for (const entry of await repository.list('')) {
    if (entry.endsWith('/') && /^[A-Za-z_]\w{0,60}\/$/.test(entry) && !/^(tests?|docs|venv|migrations|node_modules)\/$/.test(entry)) roots.push(entry);
  }
  for (const entry of await repository.list('src')) if (/^[A-Za-z_]\w{0,60}\/$/.test(entry)) roots.push(`src/${entry}`);
  const paths = roots.slice(0, maxFolders).flatMap((root) => fileNames.map((file) => root + file)).filter((path) => path !== '__init__.py');
  const found = await Promise.all(paths.map((path) => repository.exists(path)));
  return paths.filter((_, index) => found[index]);
}

/** `src/shop/__init__.py` → `shop`: the folder src is on the path. */
function moduleOf(path: string): string | undefined {
  const parts = path.replace(/^src\/(?=[^/]+\/)/, '').replace(/\.py$/, '').split('/');
  if (parts.at(-1) === '__init__') parts.pop();
  return parts.length > 0 && parts.every((part) => /^[A-Za-z_]\w*$/.test(part)) ? parts.join('.') : undefined;
}
