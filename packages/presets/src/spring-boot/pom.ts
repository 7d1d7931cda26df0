import type { RepositoryView } from '../recipe.ts';
import { readXml } from '../reading/parsed.ts';
import { memberOf, textOf } from '../reading/plain.ts';

/** What pom.xml says. */
export interface Pom {
  isSpringBoot: boolean;
  hasActuator: boolean;
  hasModules: boolean;
  /** Makes an own jar with the dependencies inside. */
  hasBootPlugin: boolean;
  packaging: string;
  version: string | undefined;
  /** flyway or liquibase, which migrate when the app starts. */
  migrationTool: string | undefined;
  problem: string | undefined;
}

export async function readPom(repository: RepositoryView): Promise<Pom | undefined> {
  const parsed = await readXml(repository, 'pom.xml');
  if (!parsed) return undefined;
  const project = memberOf(parsed.value, 'project');
  const artifacts = listOf(memberOf(project, 'dependencies', 'dependency')).map((entry) => textOf(memberOf(entry, 'artifactId')) ?? '');
  const plugins = listOf(memberOf(project, 'build', 'plugins', 'plugin')).map((entry) => textOf(memberOf(entry, 'artifactId')) ?? '');
  const parent = textOf(memberOf(project, 'parent', 'artifactId')) ?? '';
  return {
    isSpringBoot: parent.startsWith('spring-boot-starter') || artifacts.some((name) => name.startsWith('spring-boot')) || plugins.includes('spring-boot-maven-plugin'),
    hasActuator: artifacts.includes('spring-boot-starter-actuator'),
    hasModules: listOf(memberOf(project, 'modules', 'module')).length > 0,
    hasBootPlugin: plugins.includes('spring-boot-maven-plugin'),
    packaging: textOf(memberOf(project, 'packaging')) ?? 'jar',
    version: javaVersion(memberOf(project, 'properties')),
    migrationTool: artifacts.find((name) => /flyway|liquibase/.test(name)),
    problem: parsed.problem,
  };
}

function javaVersion(properties: unknown): string | undefined {
  for (const name of ['java.version', 'maven.compiler.release', 'maven.compiler.target', 'maven.compiler.source']) {
    const version = textOf(memberOf(properties, name))?.trim().replace(/^1\./, '');
    if (version && /^\d{1,2}$/.test(version)) return version;
  }
  return undefined;
}

/** An element that occurs once is no array. */
function listOf(value: unknown): unknown[] {
  if (value === undefined || value === '') return [];
  return Array.isArray(value) ? value : [value];
}
