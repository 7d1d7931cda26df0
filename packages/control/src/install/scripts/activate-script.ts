import { serverPaths, unitNames } from '../paths.ts';

/** Exit code when the release before runs again. */
export const wentBackExitCode = 20;

/**
 * `activate RELEASE SECONDS`, run on the server as a unit of its own: switches `current`, restarts the daemon and waits
 * for its answer. A daemon that does not answer in time, dies again and again, or dies within two seconds of its answer, is replaced by the release
 * before, with the state as it was if the new one changed its schema (an older daemon could not read it).
 */
export const activateScript = `set -eu
new=$1 seconds=$2
data=${serverPaths.data}
before=$(basename "$(readlink $data/current 2>/dev/null)" 2>/dev/null || true)
[ "$before" != "$new" ] || before=

restarts() { systemctl show --property NRestarts --value ${unitNames.daemon}; }
# All that takes time comes before the daemon is stopped.
point_to() {
  ln -sfn "releases/$1" "$data/.current-new"
  mv -T "$data/.current-new" "$data/current"
  install -m 644 "$data/current/redcontrol.service" ${serverPaths.unit}
  systemctl daemon-reload
  systemctl enable --quiet ${unitNames.daemon}
  restarts_before=$(restarts)
}
answers() {
  ends=$(($(date +%s) + seconds))
  while [ "$(date +%s)" -lt "$ends" ]; do
    [ "$(($(restarts) - restarts_before))" -lt 5 ] || return 1
    if "$data/current/node" "$data/current/hello.mjs" 2>/dev/null; then
      process=$(systemctl show --property MainPID --value ${unitNames.daemon})
      sleep 2
      [ "$process" = "$(systemctl show --property MainPID --value ${unitNames.daemon})" ] && [ "$process" != 0 ] && return 0
    fi
    sleep 0.3
  done
  return 1
}
schema() {
  [ -f "$data/state.db" ] || return 0
  "$data/current/node" -e 'const { DatabaseSync } = require("node:sqlite"); console.log(new DatabaseSync(process.argv[1]).prepare("PRAGMA user_version").get().user_version)' "$data/state.db" 2>/dev/null
}
keep_state() {
  rm -rf "$data/install/state"
  [ -f "$data/state.db" ] || return 0
  mkdir -m 700 "$data/install/state"
  cp -p "$data"/state.db* "$data/install/state/"
}
restore_state() {
  [ -d "$data/install/state" ] || return 0
  [ "$schema_before" != "$(schema)" ] || return 0
  echo 'the new daemon changed the schema of its state: the state before is put back'
  rm -f "$data"/state.db*
  cp -p "$data"/install/state/* "$data/"
}
tidy() {
  for path in $data/releases/*/; do
    name=$(basename "$path")
    [ "$name" = "$new" ] || [ "$name" = "$before" ] || rm -rf "$path"
  done
  for path in $data/runtime/*/; do
    name=$(basename "$path")
    ls -l $data/releases/*/node | grep -qF "/$name/bin/node" || rm -rf "$path"
  done
  rm -rf "$data/install/state"
}

schema_before=$([ -z "$before" ] || schema)
point_to "$new"
systemctl stop ${unitNames.daemon} 2>/dev/null || true
keep_state
if systemctl start ${unitNames.daemon} && answers; then
  tidy
  echo "the daemon $new answers"
  exit 0
fi
echo "the daemon $new did not come up; its last lines:"
journalctl --no-pager --lines 15 --output cat --unit ${unitNames.daemon} || true
systemctl stop ${unitNames.daemon} || true
if [ -z "$before" ]; then
  systemctl disable --quiet ${unitNames.daemon}
  exit 1
fi
restore_state
point_to "$before"
if systemctl start ${unitNames.daemon} && answers; then
  rm -rf "$data/releases/$new" "$data/install/state"
  echo "the daemon $before is back and answers"
  exit ${wentBackExitCode}
fi
echo "the daemon $before does not answer either"
exit 21
`;
