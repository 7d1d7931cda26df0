import type { AppRecipe, Detection, Preset, RepositoryView } from '../recipe.ts';
import { linesOf, matchLines } from '../reading/search.ts';

export const dockerfile: Preset = { framework: 'dockerfile', title: 'Own Dockerfile', detect, describe };

const path = 'Dockerfile';

async function detect(repository: RepositoryView): Promise<Detection | undefined> {
  const text = await repository.readText(path);
  if (text === undefined) return undefined;
  const hasFrom = linesOf(text).some((line) => /^\s*FROM\s+\S/i.test(line));
  if (!hasFrom) return { framework: 'dockerfile', certainty: 'unsure', reason: 'There is a Dockerfile, but no FROM line in it.' };
  return { framework: 'dockerfile', certainty: 'likely', reason: 'The repository has its own Dockerfile.' };
}

async function describe(repository: RepositoryView): Promise<AppRecipe> {
  const text = await repository.readText(path);
  const notes: string[] = [];
  if (text === undefined) notes.push('There is no Dockerfile at the root: set build.dockerfile to its path.');
  const exposed = matchLines(text, /^\s*EXPOSE\s+(\d{1,5})(?:\/tcp)?\b/i).map((match) => Number(match[1])).filter((port) => port >= 1 && port <= 65_535);
  const port = exposed[0] ?? 8080;
  if (exposed.length === 0) notes.push('The Dockerfile has no EXPOSE line: port 8080 is used. Set processes.web.port otherwise.');
  if (exposed.length > 1) notes.push(`The Dockerfile exposes several ports: ${exposed.slice(0, 10).join(', ')}. The first is used.`);
  const user = matchLines(text, /^\s*USER\s+(\S+)/i).at(-1)?.[1];
  if (user === undefined || /^(root|0)(:|$)/.test(user)) notes.push('The image runs as root: add a USER line.');
  const check = matchLines(text, /^\s*HEALTHCHECK\s.*https?:\/\/[^/\s]+(\/[\w/.-]{0,100})/i)[0]?.[1];
  notes.push(check ? `Health path ${check} was found in HEALTHCHECK.` : 'Health path "/": set processes.web.health.path for a better one.');
  notes.push('The stages build, migrate and test have no commands of their own here: write steps with "run" and "image", or migrations with a job of the image.');
  return {
    framework: 'dockerfile',
    toolchain: { kind: 'base' },
    runtime: { kind: 'base', slim: true },
    dockerfile: undefined,
    dockerfilePath: path,
    ignore: ['.git'],
    dependencies: undefined,
    caches: {},
    stages: { build: undefined, migrate: undefined, test: undefined },
    variables: {},
    release: { migrate: undefined, web: undefined, port, healthPath: check ?? '/', variables: { PORT: String(port) } },
    notes,
  };
}
