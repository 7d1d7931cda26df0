import { phpDockerfile } from '../php/dockerfile.ts';

/** Image of a Symfony app; its cache is made when it starts, where the variables are. */
export function symfonyDockerfile({ isLocked }: { isLocked: boolean }): string {
  return phpDockerfile({
    isLocked,
    build: ['mkdir -p var'],
    variables: { APP_ENV: 'prod', APP_DEBUG: '0', TRUSTED_PROXIES: 'private_ranges' },
    writable: ['var', 'var/cache', 'var/log'],
  });
}
