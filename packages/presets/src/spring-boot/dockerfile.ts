import { buildMark, commandLine, copyOwned, dockerfileOf, environmentLine, imageArguments, installMark, runWithCaches, workStage } from '../image/parts.ts';

export const mavenCaches = { maven: '/home/app/.m2' };
/** Official images put the local repository elsewhere. */
export const maven = 'mvn -B -ntp -Dmaven.repo.local=/home/app/.m2/repository';

/** Image of a Spring Boot app: its jar on a Java runtime. */
export function springBootDockerfile(): string {
  const isOther = ['-sources', '-javadoc', '-tests', '-plain'].map((ending) => `! -name '*${ending}.jar'`).join(' ');
  return dockerfileOf(
    imageArguments,
    workStage('build'),
    copyOwned(['pom.xml'], './'),
    installMark,
    runWithCaches(mavenCaches, `${maven} dependency:go-offline || true`),
    copyOwned(['.'], './'),
    buildMark,
    runWithCaches(mavenCaches, `${maven} package -DskipTests && mkdir -p out && find target -maxdepth 1 -name '*.jar' ${isOther} -exec cp {} out/app.jar ';' && [ -f out/app.jar ]`),
    '',
    'FROM ${RUNTIME}',
    'WORKDIR /app',
    'COPY --chown=0:0 --from=build /app/out/app.jar ./app.jar',
    environmentLine({ HOME: '/home/app', PORT: '8080' }),
    'USER 10001:10001',
    'EXPOSE 8080',
    commandLine({ shell: 'exec java -XX:MaxRAMPercentage=75 -Dserver.port="$PORT" -jar /app/app.jar' }),
  );
}
