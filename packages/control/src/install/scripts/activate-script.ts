import { serverPaths, unitNames } from '../paths.ts';
import { goBackScript, schemaFunction } from './go-back-script.ts';

/** Exit code when the release before runs again. */
export const wentBackExitCode = 20;

/**
 * `activate RELEASE SECONDS`, run on the server as a unit of its own: switches `current`, restarts the daemon and waits
 * for its answer. A daemon that does not answer in time, dies again and again, or dies within two seconds of its answer, is replaced by the release
 * before, with the state as it was if the new one changed its schema (an older daemon could not read it).
 * What going back needs is on disk before `current` moves, so that a reboot in between leads back to what was proven, and
 * an upgrade after one that was killed knows what that is.
 */
export const activateScript = `set -eu
new=$1 seconds=$2
data=${serverPaths.data}
upgrade=${serverPaths.upgrade}
if [ -f "$upgrade/before" ]; then before=$(cat "$upgrade/before"); else before=$(basename "$(readlink $data/current 2>/dev/null)" 2>/dev/null || true); fi
[ "$before" != "$new" ] || before=

restarts() { systemctl show --property NRestarts --value ${unitNames.daemon}; }
# All that takes time comes before the daemon is stopped.
take_unit() {
  install -m 644 "$data/releases/$1/redcontrol.service" ${serverPaths.unit}
  systemctl daemon-reload
  systemctl enable --quiet ${unitNames.daemon}
  restarts_before=$(restarts)
}
point_to() {
  ln -sfn "releases/$1" "$data/.current-new"
  mv -T "$data/.current-new" "$data/current"
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
${schemaFunction}
# How to go back, also for the unit's own start after a reboot; complete or not there.
prepare_going_back() {
  mkdir -p /run/redcontrol-install
  : >/run/redcontrol-install/upgrading
  [ -n "$before" ] && [ ! -f "$upgrade/before" ] || return 0
  rm -rf "$upgrade" "$upgrade.new"
  mkdir -m 700 "$upgrade.new"
  echo "$before" >"$upgrade.new/before"
  schema >"$upgrade.new/schema"
  cat >"$upgrade.new/go-back.sh" <<'SCRIPT'
${goBackScript}SCRIPT
  sync "$upgrade.new"/*
  mv -T "$upgrade.new" "$upgrade"
}
# Once: a second attempt would keep what the first one may have changed already.
keep_state() {
  [ -d "$upgrade" ] && [ ! -d "$upgrade/state" ] && [ -f "$data/state.db" ] || return 0
  rm -rf "$upgrade/state.new"
  mkdir -m 700 "$upgrade/state.new"
  cp -p "$data"/state.db* "$upgrade/state.new/"
  sync "$upgrade/state.new"/*
  mv -T "$upgrade/state.new" "$upgrade/state"
}
proven() {
  rm -rf "$upgrade.over"
  [ ! -d "$upgrade" ] || mv -T "$upgrade" "$upgrade.over"
  rm -rf "$upgrade.over"
  rm -f /run/redcontrol-install/upgrading
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
}

prepare_going_back
take_unit "$new"
systemctl stop ${unitNames.daemon} 2>/dev/null || true
keep_state
point_to "$new"
if systemctl start ${unitNames.daemon} && answers; then
  proven
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
take_unit "$before"
sh "$upgrade/go-back.sh" now
if systemctl start ${unitNames.daemon} && answers; then
  proven
  rm -rf "$data/releases/$new"
  echo "the daemon $before is back and answers"
  exit ${wentBackExitCode}
fi
echo "the daemon $before does not answer either"
exit 21
`;
