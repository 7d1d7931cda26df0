#!/bin/sh
# Opens the desktop app from this checkout: installs what its window is built from (as root on Debian), builds page and
# window where they are not built, and starts it. Without arguments it opens on the demo's server, which it starts where
# it does not stand. Arguments go to `redcontrol ui` instead, e.g. --config PATH or --socket PATH; `--own` alone opens your
# own projects. Where there is no screen or no window can be built, it says so and serves the page for a browser.
set -eu
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$*"; }

demo=.work/demo
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  say "npm packages"
  npm ci --no-audit --no-fund
fi
PATH="$PWD/node_modules/.bin:$PATH"
export PATH

if [ "${1:-}" = --own ]; then
  shift
elif [ $# -eq 0 ]; then
  if node demo/is-there.ts; then :; else sh scripts/demo.sh; fi
  set -- --config "$PWD/$demo/redcontrol.yml" --ssh-config "$PWD/$demo/ssh_config" --folder "$PWD/$demo/window"
fi

say "The page"
node --input-type=module -e "await (await import('$PWD/packages/desktop/test/build-page.ts')).buildPage()"

program="$PWD/packages/control/src/main.ts"
serve_for_browser() {
  say "$1: the page is served for a browser"
  shift
  exec node "$program" ui "$@"
}

if [ "$(uname)" = Linux ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then serve_for_browser "There is no screen" "$@"; fi
sh scripts/window-packages.sh || serve_for_browser "The window cannot be built here" "$@"
say "The window (the first time takes minutes)"
sh scripts/build-window.sh || serve_for_browser "The window was not built" "$@"
REDCONTROL_NODE=$(node -p process.execPath)
export REDCONTROL_NODE REDCONTROL_PROGRAM="$program"
exec "${CARGO_TARGET_DIR:-packages/desktop/shell/target}/debug/redcontrol-desktop" "$@"
