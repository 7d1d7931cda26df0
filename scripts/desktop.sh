#!/bin/sh
# Opens the desktop app from this checkout: builds its page and its window where they are not built, then starts it.
# Needs cargo and WebKitGTK's development files (Debian: libwebkit2gtk-4.1-dev libayatana-appindicator3-dev librsvg2-dev
# libxdo-dev). Arguments go to `redcontrol ui`, e.g. --socket PATH.
set -eu
cd "$(dirname "$0")/.."
[ -x node_modules/.bin/node ] || npm ci --no-audit --no-fund
PATH="$PWD/node_modules/.bin:$PATH"
node --input-type=module -e "await (await import('$PWD/packages/desktop/test/build-page.ts')).buildPage()"
cargo build --manifest-path packages/desktop/shell/Cargo.toml
REDCONTROL_NODE=$(node -p process.execPath)
export REDCONTROL_NODE REDCONTROL_PROGRAM="$PWD/packages/control/src/main.ts"
exec "${CARGO_TARGET_DIR:-packages/desktop/shell/target}/debug/redcontrol-desktop" "$@"
