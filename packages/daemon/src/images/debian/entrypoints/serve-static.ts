/** Runs the static image. A POSIX shell script: here, not in a file of its own, because the daemon is shipped as one file. */
export const serveStatic = `#!/bin/sh
# Serves /srv/www on PORT with nginx, unprivileged and on a read-only root: all that it writes is in /dev/shm.
set -eu

port=\${PORT:-8080}
case "$port" in
  ''|*[!0-9]*) echo "Expected PORT to be a number, got: $port" >&2; exit 2 ;;
esac
if [ "\${SINGLE_PAGE:-0}" = 1 ]; then missing=/index.html; else missing='$uri.html =404'; fi

work=/dev/shm/nginx
mkdir -p "$work"
cat > "$work/nginx.conf" <<CONF
daemon off;
worker_processes 1;
pid $work/pid;
error_log /dev/stderr warn;
events { worker_connections 1024; }
http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  access_log off;
  sendfile on;
  server_tokens off;
  absolute_redirect off;
  gzip on;
  gzip_types text/css application/javascript application/json image/svg+xml text/plain application/wasm;
  client_body_temp_path $work/body;
  proxy_temp_path $work/proxy;
  fastcgi_temp_path $work/fastcgi;
  uwsgi_temp_path $work/uwsgi;
  scgi_temp_path $work/scgi;
  server {
    listen $port;
    root /srv/www;
    index index.html;
    location ~ /\\.(?!well-known/) { return 404; }
    location / { try_files \\$uri \\$uri/ $missing; }
  }
}
CONF
exec nginx -c "$work/nginx.conf" -e /dev/stderr
`;
