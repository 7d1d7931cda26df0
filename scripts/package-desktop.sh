#!/bin/sh
# Makes the desktop app's package for this system (Debian: a .deb) with Node, the programs and the page inside.
# --debug makes it quickly and larger. The configuration for AppImage, dmg and msi is there, but untested.
set -eu
cd "$(dirname "$0")/.."
[ -x node_modules/.bin/node ] || npm ci --no-audit --no-fund
PATH="$PWD/node_modules/.bin:$PATH"
node packages/desktop/package/collect.ts
cd packages/desktop/shell
# Node, programs and page belong to the package alone: a window of a checkout builds without them.
exec tauri build --bundles deb --config package.conf.json "$@"
