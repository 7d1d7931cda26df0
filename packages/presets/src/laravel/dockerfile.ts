import { phpDockerfile } from '../php/dockerfile.ts';

/** Image of a Laravel app. Its caches of configuration and routes are made when it starts, where the variables are. */
export function laravelDockerfile({ isLocked }: { isLocked: boolean }): string {
  return phpDockerfile({
    isLocked,
    build: ['mkdir -p bootstrap/cache storage', 'php artisan package:discover --ansi'],
    variables: { APP_ENV: 'production', LOG_CHANNEL: 'stderr' },
    writable: ['bootstrap/cache', 'storage', 'storage/app', 'storage/framework', 'storage/framework/cache', 'storage/framework/cache/data', 'storage/framework/sessions', 'storage/framework/views', 'storage/logs'],
  });
}
