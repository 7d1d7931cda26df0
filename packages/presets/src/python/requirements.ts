import type { RepositoryView } from '../recipe.ts';
import { isPlainPath } from '../reading/safe-name.ts';
import { linesOf } from '../reading/search.ts';

/** Requirement files with all files that they include. */
export interface Requirements {
  files: string[];
  /** Names as PyPI compares them (PEP 503). */
  packages: Set<string>;
  /** An entry installs the repository itself or a folder of it, so the install needs the whole tree. */
  needsTree: boolean;
}

const maxFiles = 20;

/** Follows `-r` and `-c` lines; files that are not there are left out. */
export async function readRequirements(repository: RepositoryView, first: string[]): Promise<Requirements> {
  const result: Requirements = { files: [], packages: new Set(), needsTree: false };
  const waiting = [...first];
  while (waiting.length > 0 && result.files.length < maxFiles) {
    const path = waiting.shift()!;
    const text = result.files.includes(path) ? undefined : await repository.readText(path);
    if (text === undefined) continue;
    result.files.push(path);
    for (const line of linesOf(text)) {
      const included = line.match(/^\s*(?:-r|--requirement|-c|--constraint)[\s=]+(\S+)/)?.[1];
      if (included && isPlainPath(beside(path, included))) waiting.push(beside(path, included));
      else if (/^\s*(-e|--editable)[\s=]|^\s*\.{0,2}\/|^\s*\.(\[|\s*$)/.test(line)) result.needsTree = true;
      else for (const name of requirementNames(line)) result.packages.add(name);
    }
  }
  return result;
}

/** `Django[argon2]>=5` → `django` */
export function requirementName(requirement: string): string | undefined {
  const name = requirement.match(/^\s*([A-Za-z0-9][A-Za-z0-9._-]{0,100})\s*(?:\[[^\]]{0,100}\])?\s*(?:[=<>!~;@,\s#]|$)/)?.[1];
  return name?.toLowerCase().replace(/[-_.]+/g, '-');
}

/** The name alone and with each extra: `django`, `django[argon2]`. */
export function requirementNames(requirement: string): string[] {
  const name = requirementName(requirement);
  if (name === undefined) return [];
  const extras = requirement.match(/^[^[;#]{1,120}\[([\w\s,.-]{1,100})\]/)?.[1]?.split(',') ?? [];
  return [name, ...extras.map((extra) => `${name}[${extra.trim().toLowerCase()}]`)];
}

function beside(path: string, other: string): string {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
  return folder + other.replace(/^\.\//, '');
}
