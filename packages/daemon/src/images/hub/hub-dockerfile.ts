import type { ImageKind } from '@redcontrol/presets';
import { addedBundle, trustVariables, type TrustedCertificate } from '../server-trust.ts';

/** RedControl's layer on an official image: the app's user, the server's certificates, what else both sources have. Pure. */
export function hubDockerfile(image: { kind: ImageKind; from: string; packages: readonly string[]; trust: readonly TrustedCertificate[] }): string {
  const added = image.trust.length > 0;
  const packages = ['ca-certificates', ...image.packages];
  const variables = Object.entries(trustVariables(image.trust)).map(([key, value]) => `${key}="${value}"`);
  const steps = [
    'apt-get update -q',
    `DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends -o Dpkg::Use-Pty=0 ${packages.join(' ')}`,
    'rm -rf /var/lib/apt/lists/*',
    'update-ca-certificates',
    ...(added ? [`cat /usr/local/share/ca-certificates/*.crt > ${addedBundle}`] : []),
    'groupadd --gid 10001 app',
    'useradd --uid 10001 --gid 10001 --create-home --home-dir /home/app --shell /bin/sh app',
    ...(image.kind === 'static' ? ['install -d -o 10001 -g 10001 /srv/www'] : []),
    ...(image.kind === 'go' ? ['chown -R 10001:10001 /go'] : []),
  ];
  return [
    `FROM ${image.from}`,
    'USER root',
    ...(added ? ['COPY trust/ /usr/local/share/ca-certificates/'] : []),
    `RUN ${steps.join(' && ')}`,
    ...(variables.length > 0 ? [`ENV ${variables.join(' ')}`] : []),
    ...(image.kind === 'static' ? staticLines : []),
    '',
  ].join('\n');
}

const staticLines = [
  'COPY --chmod=0755 static-entrypoint.sh /usr/local/bin/serve-static',
  'ENV PORT="8080" SINGLE_PAGE="0"',
  'EXPOSE 8080',
  'WORKDIR /srv/www',
  'USER 10001:10001',
  'ENTRYPOINT []',
  'CMD ["/usr/local/bin/serve-static"]',
];
