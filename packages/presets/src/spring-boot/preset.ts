import type { AppRecipe, Detection, Preset, RepositoryView } from '../recipe.ts';
import { commonIgnore } from '../image/ignore.ts';
import { maven, mavenCaches, springBootDockerfile } from './dockerfile.ts';
import { readPom } from './pom.ts';

export const springBoot: Preset = { framework: 'spring-boot', title: 'Spring Boot (Maven)', detect, describe };

async function detect(repository: RepositoryView): Promise<Detection | undefined> {
  const pom = await readPom(repository);
  if (!pom) return gradle(repository);
  if (pom.problem) return { framework: 'spring-boot', certainty: 'unsure', reason: pom.problem };
  if (!pom.isSpringBoot) return undefined;
  if (pom.hasModules) return { framework: 'spring-boot', certainty: 'unsure', reason: 'pom.xml is a Spring Boot project of several modules, and which one is deployed is not clear. Set root, or use an own Dockerfile.' };
  if (pom.packaging !== 'jar') return { framework: 'spring-boot', certainty: 'unsure', reason: 'pom.xml is a Spring Boot project, but its packaging is not jar.' };
  return { framework: 'spring-boot', certainty: 'certain', reason: 'pom.xml uses Spring Boot.' };
}

async function gradle(repository: RepositoryView): Promise<Detection | undefined> {
  for (const file of ['build.gradle', 'build.gradle.kts']) {
    const text = await repository.readText(file);
    if (text?.includes('org.springframework.boot')) {
      return { framework: 'spring-boot', certainty: 'unsure', reason: `${file} uses Spring Boot with Gradle; this preset builds with Maven only. Use an own Dockerfile.` };
    }
  }
  return undefined;
}

async function describe(repository: RepositoryView): Promise<AppRecipe> {
  const pom = await readPom(repository);
  const version = pom?.version === undefined ? {} : { version: pom.version };
  const healthPath = pom?.hasActuator ? '/actuator/health' : '/';
  return {
    framework: 'spring-boot',
    toolchain: { kind: 'java', ...version },
    runtime: { kind: 'java', ...version, slim: true },
    dockerfile: springBootDockerfile(),
    ignore: [...commonIgnore, 'target', 'out', 'build'],
    dependencies: { keyFiles: ['pom.xml'], run: `${maven} dependency:go-offline || true` },
    caches: mavenCaches,
    stages: { build: `${maven} package -DskipTests`, migrate: undefined, test: `${maven} test` },
    variables: { CI: '1' },
    release: { migrate: undefined, web: undefined, port: 8080, healthPath, variables: {} },
    notes: [
      pom === undefined ? 'There is no pom.xml.' : pom.problem,
      pom && !pom.hasActuator ? 'Without spring-boot-starter-actuator the health path is "/": add it for a better check.' : `Health path ${healthPath} comes from the actuator.`,
      pom && !pom.hasBootPlugin ? 'spring-boot-maven-plugin is not among the plugins, so the jar may lack its dependencies.' : undefined,
      pom?.migrationTool && `${pom.migrationTool} migrates when the app starts.`,
      (await repository.exists('mvnw')) ? 'Maven of the image is used, not the wrapper.' : undefined,
      'DATABASE_URL is no JDBC URL: use DB_HOST and the other parts in application.properties.',
    ].filter((note) => typeof note === 'string'),
  };
}
