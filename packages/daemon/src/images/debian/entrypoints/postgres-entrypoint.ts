/** First program of the PostgreSQL images. A POSIX shell script: here, not in a file of its own, because the daemon is shipped as one file. */
export const postgresEntrypoint = `#!/bin/sh
# Makes a database cluster once, then runs the server. Same variables as the official image:
# POSTGRES_USER (postgres), POSTGRES_PASSWORD (or POSTGRES_PASSWORD_FILE), POSTGRES_DB (the user's name), PGDATA.
#
# The cluster is made in a folder beside its place and moved there with PG_VERSION last, so that a kill at any
# moment leaves either no cluster, which the next start makes anew, or a whole one.
set -eu

if [ "\${1:-}" != postgres ]; then exec "$@"; fi

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"
  chown -R postgres:postgres "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

# PGDATA may name a folder below the volume, which nobody has made yet.
mkdir -p "$PGDATA"
chmod 0700 "$PGDATA"
new=$PGDATA/.new-cluster

quoted() { printf '"%s"' "$(printf '%s' "$1" | sed 's/"/""/g')"; }

make_cluster() {
  user=\${POSTGRES_USER:-postgres}
  name=\${POSTGRES_DB:-$user}
  if [ -n "\${POSTGRES_PASSWORD_FILE:-}" ]; then POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE"); fi
  if [ -z "\${POSTGRES_PASSWORD:-}" ]; then
    echo 'Expected POSTGRES_PASSWORD to be set for a new database cluster' >&2
    exit 1
  fi
  password=$(mktemp /dev/shm/password.XXXXXX)
  printf '%s\\n' "$POSTGRES_PASSWORD" > "$password"
  mkdir -m 0700 "$new"
  initdb --pgdata="$new" --username="$user" --pwfile="$password" --encoding=UTF8 --locale=C.UTF-8 \\
    --auth-local=trust --auth-host=scram-sha-256 --data-checksums --no-sync
  rm -f "$password"
  printf 'host all all all scram-sha-256\\n' >> "$new/pg_hba.conf"
  printf "listen_addresses = '*'\\n" >> "$new/postgresql.conf"
  if [ "$name" != postgres ]; then
    printf 'CREATE DATABASE %s;\\n' "$(quoted "$name")" | postgres --single -D "$new" -j postgres >/dev/null
  fi
  sync
  for entry in "$new"/*; do
    case "$entry" in */PG_VERSION) ;; *) mv "$entry" "$PGDATA/" ;; esac
  done
  sync
  mv "$new/PG_VERSION" "$PGDATA/"
  rmdir "$new"
  sync
}

# The password belongs to the cluster from here on; the server's own environment has no use for it.
run_server() {
  unset POSTGRES_PASSWORD PGPASSWORD
  exec "$@"
}

if [ -s "$PGDATA/PG_VERSION" ]; then
  rm -rf "$new"
  run_server "$@"
fi
if [ -d "$new" ]; then
  echo 'A new cluster was not finished: making it again'
  find "$PGDATA" -mindepth 1 ! -name lost+found -delete
fi
if [ -n "$(find "$PGDATA" -mindepth 1 -maxdepth 1 ! -name lost+found | head -n 1)" ]; then
  echo "Expected $PGDATA to be empty or a database cluster, found other files" >&2
  exit 1
fi
make_cluster
run_server "$@"
`;
