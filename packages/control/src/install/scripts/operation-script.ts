import { serverPaths } from '../paths.ts';
import type { InstallOperation } from '../operation.ts';

/** First line of output when there was nothing to do. */
export const skippedMark = '::nothing to do::';

/** Functions that the scripts of operations may call. */
const library = `
export LC_ALL=C.UTF-8 PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
umask 022

# Writes a line into the manifest, once, before the thing is done: what is in it may be removed again.
remember() {
  mkdir -p -- "$(dirname ${serverPaths.manifest})"
  touch ${serverPaths.manifest}
  grep -qxF -- "$1" ${serverPaths.manifest} || printf '%s\\n' "$1" >>${serverPaths.manifest}
}

# has_sum PATH SHA256
has_sum() { [ -f "$1" ] && [ "$(sha256sum <"$1")" = "$2  -" ]; }

# write_file PATH MODE <content: at once, never half.
write_file() {
  mkdir -p -- "$(dirname "$1")"
  cat >"$1.redcontrol-new"
  chmod "$2" "$1.redcontrol-new"
  sync "$1.redcontrol-new"
  mv -f -- "$1.redcontrol-new" "$1"
}

# detached NAME [ARGUMENT …] <script: runs it as a unit of its own, which a cut connection does not touch, and shows
# its output to the end. Called again while it runs, it joins in. Answers with its exit code.
detached() {
  name=$1; shift
  mkdir -p /run/redcontrol-install
  state=/run/redcontrol-install/$name
  if [ "$(systemctl show --property ActiveState --value "redcontrol-$name.service")" != active ]; then
    cat >"$state.sh"
    rm -f "$state.exit"; : >"$state.log"
    systemd-run --quiet --collect --unit "redcontrol-$name" sh -c '
      state=$1; shift
      sh "$state.sh" "$@" >"$state.log" 2>&1 </dev/null
      echo $? >"$state.new"; mv "$state.new" "$state.exit"' sh "$state" "$@" 9>&-
  fi
  shown=0 misses=0
  while :; do
    ended=; [ -e "$state.exit" ] && ended=yes
    size=$(stat -c %s "$state.log")
    if [ "$size" -gt "$shown" ]; then tail -c "+$((shown + 1))" "$state.log" | head -c "$((size - shown))"; shown=$size; fi
    [ -n "$ended" ] && break
    # A reload of systemd leaves some questions unanswered: only a unit that stays away was killed.
    if [ "$(systemctl show --property ActiveState --value "redcontrol-$name.service")" = active ]; then misses=0; else misses=$((misses + 1)); fi
    [ "$misses" -lt 50 ] || { echo 'it was killed on the server' >&2; return 99; }
    sleep 0.2
  done
  return "$(cat "$state.exit")"
}
`;

const lock = `
  exec 9>/run/redcontrol-install.lock
  flock -w 900 9 || { echo 'another installation on this server did not end within 15 minutes' >&2; exit 75; }`;

/**
 * The whole script of an operation. Nothing runs before the last line was received, so a cut connection never
 * leaves half a script behind. One at a time on a server, whoever else installs; only uploads, which end in a rename,
 * may overlap: one whose connection died unnoticed would hold the lock for long.
 */
export function operationScript(operation: Pick<InstallOperation, 'check' | 'script' | 'upload'>): string {
  return `set -eu
${library}
finished() {
${operation.check}
}
work() {
${operation.script}
}
main() {
${operation.upload ? '' : lock}
  if finished "$@"; then echo '${skippedMark}'; exit 0; fi
  work "$@"
  finished "$@" || { echo 'all was done, and yet the result is not there' >&2; exit 70; }
}
main "$@"${operation.upload ? '' : ' </dev/null'}
`;
}
