import { serverPaths } from '../paths.ts';

/** Shell function: number of the state's schema, as the daemon that is current counts it; nothing where there is no state. */
export const schemaFunction = `schema() {
  [ -f "$data/state.db" ] || return 0
  "$data/current/node" -e 'const { DatabaseSync } = require("node:sqlite"); console.log(new DatabaseSync(process.argv[1]).prepare("PRAGMA user_version").get().user_version)' "$data/state.db" 2>/dev/null
}`;

/** A daemon that still wrote to its state so long after an upgrade began works: what it has written is worth more than a proof. */
const provenBySeconds = 3600;

/**
 * Points `current` back at the release before, with its state where the schema was changed. Called by an upgrade (`now`)
 * whose daemon did not come up, and by the daemon's unit before each start, where it does something only when the upgrade
 * was cut: what proves the new daemon leaves a mark in /run, and a reboot takes that away. May be cut itself and repeated.
 */
export const goBackScript = `set -eu
data=${serverPaths.data}
upgrade=${serverPaths.upgrade}
[ "\${1:-}" = now ] || [ ! -e /run/redcontrol-install/upgrading ] || exit 0
before=$(cat "$upgrade/before")
[ -f "$data/releases/$before/redcontrol-daemon.mjs" ] || exit 0
if [ "\${1:-}" != now ]; then
  for file in "$data"/state.db*; do
    [ "$(($(stat -c %Y "$file") - $(stat -c %Y "$upgrade/before")))" -lt ${provenBySeconds} ] || { rm -rf "$upgrade"; exit 0; }
  done
fi
${schemaFunction}
if [ -d "$upgrade/state" ] && [ "$(cat "$upgrade/schema")" != "$(schema)" ]; then
  echo 'the new daemon changed the schema of its state: the state before is put back'
  rm -f "$data"/state.db*
  cp -p "$upgrade"/state/* "$data/"
fi
ln -sfn "releases/$before" "$data/.current-new"
mv -T "$data/.current-new" "$data/current"
[ "\${1:-}" != now ] || exit 0
install -m 644 "$data/current/redcontrol.service" ${serverPaths.unit}
systemctl daemon-reload
rm -rf "$upgrade"
echo "the upgrade was cut by a reboot before the new daemon was proven: $before is current again"
`;
