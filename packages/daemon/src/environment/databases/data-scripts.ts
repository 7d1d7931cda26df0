/*
 * POSIX shell scripts that run in a database's own container. Names come as arguments, never inside the text.
 * Here, not in files of their own, because the daemon is shipped as one file.
 */

/** $1 user, $2 database. Counts and dump see one and the same snapshot. */
export const dumpPostgres = `set -eu
exec psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --username="$1" --dbname="$2" <<'SQL'
\\setenv PGOPTIONS ''
begin isolation level repeatable read read only;
select pg_export_snapshot() as snapshot, current_user as who, current_database() as name \\gset
\\setenv SNAPSHOT :snapshot
\\setenv DUMP_USER :who
\\setenv DUMP_NAME :name
\\o | cat >&2
select format('select concat_ws(chr(9), ''rows'', %L, n, n) from (select count(*) as n from %I.%I) as counted', n.nspname || '.' || c.relname, n.nspname, c.relname)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname <> 'information_schema' and n.nspname !~ '^pg_' order by 1 \\gexec
\\o
\\! pg_dump --format=custom --compress=3 --username="$DUMP_USER" --snapshot="$SNAPSHOT" "$DUMP_NAME" && echo 'dump complete' >&2
SQL
`;

export const countPostgres = `set -eu
exec psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --username="$1" --dbname="$2" <<'SQL'
begin isolation level repeatable read read only;
select format('select concat_ws(chr(9), ''rows'', %L, n, n) from (select count(*) as n from %I.%I) as counted', n.nspname || '.' || c.relname, n.nspname, c.relname)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname <> 'information_schema' and n.nspname !~ '^pg_' order by 1 \\gexec
SQL
`;

export const loadPostgres = `set -eu
exec pg_restore --no-owner --no-privileges --exit-on-error --single-transaction --username="$1" --dbname="$2"
`;

/** Bytes and tables. */
export const sizePostgres = `set -eu
exec psql --no-psqlrc --quiet --tuples-only --no-align --field-separator=' ' --username="$1" --dbname="$2" --command="select pg_database_size(current_database()),
  (select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname <> 'information_schema' and n.nspname !~ '^pg_')"
`;

/** Over the socket in the container, where replication is trusted as any login is. The server serves on. */
export const copyPostgres = `set -eu
exec pg_basebackup --pgdata=- --format=tar --wal-method=fetch --checkpoint=fast --no-password --username="$1"
`;

export const unpackPostgres = `set -eu
mkdir -p "$PGDATA"
chmod 0700 "$PGDATA"
exec tar --extract --directory="$PGDATA" --no-same-owner
`;

/** $1 client, $2 database. */
const mysqlRows = `set -eu
client=$1 name=$2
ask() { "$client" --user=root --batch --skip-column-names --raw "$name" "$@"; }
rows() {
  ask --execute="select concat('select concat_ws(char(9), ''rows'', ', quote(table_name), ', count(*), count(*)) from \\\`', replace(table_name, '\\\`', '\\\`\\\`'), '\\\`;')
    from information_schema.tables where table_schema = database() and table_type = 'BASE TABLE' order by table_name" | ask
}
`;

export const sizeMysql = `${mysqlRows}
ask --execute="select concat(coalesce(sum(data_length + index_length), 0), ' ', count(*)) from information_schema.tables where table_schema = database() and table_type = 'BASE TABLE'"
`;

/** One transaction for all tables of InnoDB, with no lock; the counts before and after enclose the truth of a moment. */
export const dumpMysql = `${mysqlRows}
dumper=$3
shift 3
rows >&2
"$dumper" --user=root --single-transaction --quick --skip-lock-tables --routines --events --triggers --hex-blob --default-character-set=utf8mb4 "$@" "$name"
rows >&2
echo 'dump complete' >&2
`;

export const countMysql = `${mysqlRows}
rows
`;

export const loadMysql = `set -eu
exec "$1" --user=root --default-character-set=utf8mb4 "$2"
`;

/** Keys that expire may be gone when somebody counts again: they do not count for the least. */
const redisRows = `set -eu
rows() {
  redis-cli info keyspace | tr -d '\\r' | sed -n 's/^\\(db[0-9]*\\):keys=\\([0-9]*\\),expires=\\([0-9]*\\).*/\\1 \\2 \\3/p' | while read -r name keys expires; do
    printf 'rows\\t%s\\t%s\\t%s\\n' "$name" "$((keys - expires))" "$keys"
  done
}
`;

/** Before 6.2 "-" was a file's name; since then a pipe that is named as a file is refused. */
export const dumpRedis = `${redisRows}
rows >&2
case $(redis-cli --version) in 'redis-cli 5.'*|'redis-cli 6.0.'*) target=/dev/stdout ;; *) target=- ;; esac
redis-cli --rdb "$target"
rows >&2
echo 'dump complete' >&2
`;

export const countRedis = `${redisRows}
rows
`;

/** In a container with the volume and no server: a server without append-only file takes the dump, then makes that file of it. */
export const loadRedis = `set -eu
cat > /data/dump.rdb
redis-check-rdb /data/dump.rdb >&2
redis-server --port 0 --unixsocket /data/.load.sock --dir /data --appendonly no --save '' --daemonize no >&2 &
server=$!
ask() { redis-cli -s /data/.load.sock "$@" | tr -d '\\r'; }
until ask info persistence 2>/dev/null | grep -q '^loading:0'; do kill -0 $server; sleep 0.1; done
ask config set appendonly yes | grep -q OK
until ask info persistence | grep -q '^aof_rewrite_in_progress:0' && ask info persistence | grep -q '^aof_rewrite_scheduled:0'; do sleep 0.1; done
ask info persistence | grep -q '^aof_last_bgrewrite_status:ok'
ask shutdown nosave || true
wait $server || true
rm -f /data/.load.sock
`;
