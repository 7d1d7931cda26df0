#!/bin/sh
# Installs what the tests need (Debian packages, npm packages, a Docker engine), then runs the checks and all tests.
# Safe to run again. Needs root on Debian 12 or 13 and Node 20 or later; everything else it brings itself.
set -eu
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$*"; }

say "Debian packages"
sh scripts/packages.sh

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

say "tests"
exec node scripts/run-tests.ts "$@"
