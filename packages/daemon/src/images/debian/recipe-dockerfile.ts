import { addedBundle, trustVariables, type TrustedCertificate } from '../server-trust.ts';
import type { DebianRecipe } from './recipe.ts';

/** The Dockerfile of a recipe on the image `from`. Pure. `full`: with the recipe's tools. */
export function recipeDockerfile(recipe: DebianRecipe, image: { from: string; full: boolean; trust: readonly TrustedCertificate[] }): string {
  const packages = [...recipe.packages, ...(image.full ? (recipe.tools ?? []) : [])];
  const isRoot = recipe.kind === 'base' && !image.full;
  return lines(
    `FROM ${image.from}`,
    'USER root',
    image.trust.length > 0 && isRoot && 'COPY trust/ /usr/local/share/ca-certificates/',
    installLine(recipe, packages),
    ...(isRoot ? accountLines(image.trust) : []),
    recipe.goToolchain !== undefined && goToolchainLine(recipe.goToolchain),
    recipe.node && nodeLine(image.full),
    ...(recipe.files ?? []).map((file) => `COPY --chmod=${file.mode} files/${file.name} ${file.target}`),
    variablesLine({ ...(recipe.node && image.full ? { npm_config_nodedir: '/usr/local' } : {}), ...recipe.variables }),
    recipe.volume !== undefined && `VOLUME ["${recipe.volume}"]`,
    recipe.port !== undefined && `EXPOSE ${recipe.port}`,
    recipe.stopSignal !== undefined && `STOPSIGNAL ${recipe.stopSignal}`,
    recipe.workingDir !== undefined && `WORKDIR ${recipe.workingDir}`,
    recipe.user !== undefined && `USER ${recipe.user}`,
    recipe.entrypoint && `ENTRYPOINT ${JSON.stringify(recipe.entrypoint)}`,
    recipe.command && `CMD ${JSON.stringify(recipe.command)}`,
  );
}

/** Downloaded packages are kept between builds, beside the images, not in them. */
function installLine(recipe: DebianRecipe, packages: readonly string[]): string {
  const cache = ['apt/lists', 'cache/apt'].map((folder) => {
    const target = folder === 'apt/lists' ? '/var/lib/apt/lists' : '/var/cache/apt';
    return `--mount=type=cache,id=redcontrol-${folder.replace('/', '-')}-${recipe.suite},target=${target},sharing=locked`;
  });
  const users = (recipe.users ?? []).flatMap((user) => [
    `groupadd --system --gid ${user.id} ${user.name}`,
    `useradd --system --uid ${user.id} --gid ${user.id} --home-dir ${user.home} --shell /bin/sh ${user.name}`,
  ]);
  const steps = [
    ...users,
    ...(recipe.before ?? []),
    'apt-get update -q',
    // dpkg runs without a terminal; nothing may ask.
    `DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold ${packages.join(' ')}`,
    ...(recipe.after ?? []),
    'rm -rf /var/log/apt /var/log/dpkg.log /var/log/alternatives.log',
  ];
  return `RUN ${cache.join(' ')} ${steps.join(' && ')}`;
}

function accountLines(trust: readonly TrustedCertificate[]): string[] {
  const added = trust.length > 0 ? ` && cat /usr/local/share/ca-certificates/*.crt > ${addedBundle}` : '';
  return [
    `RUN update-ca-certificates${added} && groupadd --gid 10001 app && useradd --uid 10001 --gid 10001 --create-home --home-dir /home/app --shell /bin/sh app`,
    variablesLine({ LANG: 'C.UTF-8', ...trustVariables(trust) }) as string,
  ];
}

function nodeLine(full: boolean): string {
  const mounts = ['node', 'npm', 'corepack'].map((name) => `--mount=type=bind,source=${name}.tgz,target=/tmp/${name}.tgz`);
  const leaveOut = full ? "--exclude='package/*.md'" : "--exclude='package/*.md' --exclude='package/include'";
  const unpack = (name: string) => `mkdir -p /usr/local/lib/node_modules/${name} && tar -xzf /tmp/${name}.tgz -C /usr/local/lib/node_modules/${name} --strip-components=1 --no-same-owner`;
  const link = (name: string, file: string) => `ln -sf ../lib/node_modules/${file} /usr/local/bin/${name}`;
  return `RUN ${mounts.join(' ')} ${[
    `tar -xzf /tmp/node.tgz -C /usr/local --strip-components=1 --no-same-owner ${leaveOut}`,
    unpack('npm'),
    unpack('corepack'),
    link('npm', 'npm/bin/npm-cli.js'),
    link('npx', 'npm/bin/npx-cli.js'),
    link('corepack', 'corepack/dist/corepack.js'),
    'chmod 0755 /usr/local/bin/node /usr/local/lib/node_modules/npm/bin/*.js /usr/local/lib/node_modules/corepack/dist/*.js',
    'corepack enable',
    'node --version && npm --version',
  ].join(' && ')}`;
}

/** Go fetches the toolchain as a module, the newest that begins with `version`; from the module cache it moves to where official images have it. */
function goToolchainLine(version: string): string {
  return `RUN ${[
    'export GOPATH=/tmp/go && mkdir /tmp/ask && cd /tmp/ask && go mod init ask',
    `export GOTOOLCHAIN="go$(go list -m go@${version} | cut -d' ' -f2)"`,
    'cp -r "$(go env GOROOT)" /usr/local/go',
    'chmod -R u+w /usr/local/go /tmp/go',
    'cd / && rm -rf /tmp/go /tmp/ask /root/.cache /root/.config',
    'GOTOOLCHAIN=local /usr/local/go/bin/go version',
  ].join(' && ')}`;
}

function variablesLine(variables: Record<string, string>): string | undefined {
  const entries = Object.entries(variables);
  return entries.length === 0 ? undefined : `ENV ${entries.map(([key, value]) => `${key}="${value}"`).join(' ')}`;
}

function lines(...all: (string | undefined | false)[]): string {
  return `${all.filter((line) => line !== undefined && line !== false).join('\n')}\n`;
}
