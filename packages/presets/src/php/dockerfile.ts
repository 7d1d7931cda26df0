import {
  buildMark, commandLine, copyOwned, dockerfileOf, environmentLine, imageArguments, installMark, runWithCaches, workStage, writableFolders,
} from '../image/parts.ts';
import { composerCaches, composerVariables, productionInstall } from './composer.ts';

export interface PhpImage {
  isLocked: boolean;
  /** Commands that finish the code once it and the packages are there. */
  build: string[];
  variables: Record<string, string>;
  writable: string[];
}

/** nginx serves files of public/ and gives the rest to PHP's process manager; both run as the app's user. */
const nginxLines = [
  'daemon off; pid /dev/shm/nginx.pid; error_log /dev/stderr warn; worker_processes 1;',
  'events { worker_connections 1024; }',
  'http {',
  '  include /etc/nginx/mime.types; default_type application/octet-stream; access_log off; server_tokens off; client_max_body_size 64m;',
  '  client_body_temp_path /dev/shm/body; proxy_temp_path /dev/shm/proxy; fastcgi_temp_path /dev/shm/fastcgi; uwsgi_temp_path /dev/shm/uwsgi; scgi_temp_path /dev/shm/scgi;',
  '  map $http_x_forwarded_proto $secure { default ""; https on; }',
  '  server {',
  '    listen @PORT@; root /app/public; index index.php;',
  '    location ~ /\\.(?!well-known/) { return 404; }',
  '    location / { try_files $uri /index.php$is_args$args; }',
  '    location = /index.php { include /etc/nginx/fastcgi_params; fastcgi_param SCRIPT_FILENAME $document_root/index.php; fastcgi_param HTTPS $secure; fastcgi_pass unix:/dev/shm/php.sock; }',
  '    location ~ \\.php$ { return 404; }',
  '  }',
  '}',
];

const poolLines = [
  '[global]', 'error_log = /proc/self/fd/2', 'pid = /dev/shm/php.pid',
  '[www]', 'listen = /dev/shm/php.sock', 'pm = dynamic', 'pm.max_children = 10', 'pm.start_servers = 2', 'pm.min_spare_servers = 1', 'pm.max_spare_servers = 3',
  'clear_env = no', 'catch_workers_output = yes', 'decorate_workers_output = no',
];

const startLines = [
  '#!/bin/sh', 'set -e', 'sed "s/@PORT@/$PORT/" /etc/redcontrol/nginx.conf > /dev/shm/nginx.conf',
  'php-fpm --nodaemonize --fpm-config /etc/redcontrol/php-fpm.conf &', 'exec nginx -c /dev/shm/nginx.conf -e /dev/stderr',
];

export function phpDockerfile(image: PhpImage): string {
  return dockerfileOf(
    imageArguments,
    workStage('build', composerVariables),
    copyOwned(image.isLocked ? ['composer.json', 'composer.lock'] : ['composer.json'], './'),
    installMark,
    runWithCaches(composerCaches, productionInstall),
    copyOwned(['.'], './'),
    buildMark,
    runWithCaches(composerCaches, ['composer dump-autoload --no-dev --optimize --no-scripts', ...image.build].join(' && ')),
    '',
    'FROM ${RUNTIME}',
    'USER root',
    'RUN apt-get update && apt-get install -y --no-install-recommends nginx-light && rm -rf /var/lib/apt/lists/*',
    'RUN command -v php-fpm > /dev/null || ln -s "$(ls /usr/sbin/php-fpm* | head -n 1)" /usr/local/bin/php-fpm',
    writeFile('/etc/redcontrol/nginx.conf', nginxLines),
    writeFile('/etc/redcontrol/php-fpm.conf', poolLines),
    `${writeFile('/usr/local/bin/serve-php', startLines)} && chmod 0755 /usr/local/bin/serve-php`,
    'WORKDIR /app',
    'COPY --chown=0:0 --from=build /app ./',
    writableFolders(image.writable),
    environmentLine({ HOME: '/home/app', PORT: '8080', ...image.variables }),
    'USER 10001:10001',
    'EXPOSE 8080',
    'STOPSIGNAL SIGQUIT',
    commandLine({ words: ['serve-php'] }),
  );
}

function writeFile(path: string, lines: string[]): string {
  const words = lines.map((line) => `'${line.replaceAll("'", `'"'"'`)}'`).join(' ');
  return `RUN mkdir -p ${path.slice(0, path.lastIndexOf('/'))} && printf '%s\\n' ${words} > ${path}`;
}
