import { serveStatic } from '../entrypoints/serve-static.ts';
import type { DebianRecipe } from '../recipe.ts';

/** Serves /srv/www on PORT as the app's user. SINGLE_PAGE=1: unknown paths get index.html. */
export const staticRecipes: DebianRecipe[] = [
  {
    kind: 'static',
    version: '1',
    suite: 'bookworm',
    packages: ['nginx-light'],
    after: ['rm -rf /etc/nginx/sites-enabled /var/www', 'install -d -o 10001 -g 10001 /srv/www'],
    files: [{ name: 'serve-static', text: serveStatic, target: '/usr/local/bin/serve-static', mode: '0755' }],
    variables: { PORT: '8080', SINGLE_PAGE: '0' },
    user: '10001:10001',
    workingDir: '/srv/www',
    command: ['/usr/local/bin/serve-static'],
    port: 8080,
    stopSignal: 'SIGQUIT',
  },
];
