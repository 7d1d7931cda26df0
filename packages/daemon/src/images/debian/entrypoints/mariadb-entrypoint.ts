/** First program of the MariaDB images. A POSIX shell script: here, not in a file of its own, because the daemon is shipped as one file. */
export const mariadbEntrypoint = `#!/bin/sh
# Makes the data directory once, then runs the server. Same variables as the official image:
# MARIADB_ROOT_PASSWORD, MARIADB_DATABASE, MARIADB_USER, MARIADB_PASSWORD (each also as …_FILE, and as MYSQL_…).
#
# The data are made in a folder beside their place and moved there with the system tables (mysql/) last, so that a
# kill at any moment leaves either no data, which the next start makes anew, or all.
set -eu

case "\${1:-}" in
  mariadbd|mysqld) shift ;;
  *) exec "$@" ;;
esac

data=/var/lib/mysql
new=$data/.new-data
# Before 10.5 the server had its old name only; here it is there under both.
server=$(command -v mariadbd || command -v mysqld)

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$data"
  chown -R mysql:mysql "$data"
  exec setpriv --reuid=mysql --regid=mysql --init-groups "$0" mariadbd "$@"
fi

# The value of MARIADB_$1, or of MYSQL_$1, or of the file that either names.
setting() {
  for prefix in MARIADB MYSQL; do
    eval "value=\\\${\${prefix}_$1:-}; file=\\\${\${prefix}_$1_FILE:-}"
    if [ -n "$file" ]; then value=$(cat "$file"); fi
    if [ -n "$value" ]; then printf '%s' "$value"; return; fi
  done
}

text() { printf "'%s'" "$(printf '%s' "$1" | sed -e 's/\\\\/\\\\\\\\/g' -e "s/'/''/g")"; }
name() { printf '\`%s\`' "$(printf '%s' "$1" | sed 's/\`/\`\`/g')"; }

# Not echo: some shells' reads backslashes.
say() { printf '%s\\n' "$1"; }

accounts() {
  root=$(setting ROOT_PASSWORD)
  database=$(setting DATABASE)
  user=$(setting USER)
  password=$(setting PASSWORD)
  say 'FLUSH PRIVILEGES;'
  if [ -n "$root" ]; then
    say "ALTER USER 'root'@'localhost' IDENTIFIED BY $(text "$root");"
    say "CREATE USER 'root'@'%' IDENTIFIED BY $(text "$root");"
    say "GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION;"
  else
    say "ALTER USER 'root'@'localhost' IDENTIFIED VIA unix_socket;"
  fi
  if [ -n "$database" ]; then
    say "CREATE DATABASE $(name "$database") CHARACTER SET utf8mb4;"
  fi
  if [ -n "$user" ]; then
    say "CREATE USER $(text "$user")@'%' IDENTIFIED BY $(text "$password");"
    if [ -n "$database" ]; then
      # In a grant, _ and % of a name are patterns.
      pattern=$(printf '%s' "$database" | sed 's/[_%]/\\\\&/g')
      say "GRANT ALL ON $(name "$pattern").* TO $(text "$user")@'%';"
    fi
  fi
}

make_data() {
  if [ -z "$(setting ROOT_PASSWORD)" ] && { [ -z "$(setting USER)" ] || [ -z "$(setting PASSWORD)" ]; }; then
    echo 'Expected MARIADB_ROOT_PASSWORD, or MARIADB_USER and MARIADB_PASSWORD, to be set for new data' >&2
    exit 1
  fi
  mkdir -m 0750 "$new"
  mariadb-install-db --datadir="$new" --auth-root-authentication-method=normal --skip-test-db --skip-name-resolve >/dev/null
  accounts | "$server" --datadir="$new" --bootstrap
  sync
  for entry in "$new"/*; do
    case "$entry" in */mysql) ;; *) mv "$entry" "$data/" ;; esac
  done
  sync
  mv "$new/mysql" "$data/"
  rm -rf "$new"
  sync
}

run_server() {
  for each in ROOT_PASSWORD PASSWORD; do unset "MARIADB_$each" "MYSQL_$each"; done
  exec "$server" --datadir="$data" "$@"
}

if [ -d "$data/mysql" ]; then
  rm -rf "$new"
  run_server "$@"
fi
if [ -d "$new" ]; then
  echo 'New data were not finished: making them again'
  find "$data" -mindepth 1 ! -name lost+found -delete
fi
if [ -n "$(find "$data" -mindepth 1 -maxdepth 1 ! -name lost+found | head -n 1)" ]; then
  echo "Expected $data to be empty or a data directory, found other files" >&2
  exit 1
fi
make_data
run_server "$@"
`;
