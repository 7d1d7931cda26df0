#!/bin/sh
# Installs what the tests need (Debian packages, npm packages, a Docker engine), then runs the checks and all tests.
# Safe to run again. Needs root on Debian 12 or 13 and Node 20 or later; everything else it brings itself.
set -eu
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$*"; }

say "Debian packages"
sh scripts/packages.sh

say "what the native window is built from"
sh scripts/window-packages.sh --driver || echo "its tests will be skipped"

say "npm packages"
npm ci --no-audit --no-fund

say "Docker engine"
sh scripts/engine.sh

PATH="$PWD/node_modules/.bin:$PATH"
export PATH
node --version

say "checks"
npm run --silent check

say "builds"
node scripts/bundle.ts
if command -v cargo >/dev/null 2>&1; then sh scripts/build-window.sh || echo "the native window was not built: its tests say why"; fi

say "tests"
exec node scripts/run-tests.ts "$@"
