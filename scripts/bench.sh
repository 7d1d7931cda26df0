#!/bin/sh
# Installs what the benches need (Debian packages, npm packages, a Docker engine), then runs all benches, or those that
# are named: `npm run bench -- push`. Results go to docs/benchmarks.md. Safe to run again; needs root on Debian 12 or 13.
set -eu
cd "$(dirname "$0")/.."
sh scripts/packages.sh
[ -x node_modules/.bin/node ] || npm ci --no-audit --no-fund
sh scripts/engine.sh
PATH="$PWD/node_modules/.bin:$PATH"
export PATH
node scripts/bundle.ts
exec node bench/run.ts "$@"
