#!/bin/sh
# Runs the benches: all, or those that are named. Results go to docs/benchmarks.md.
set -eu
cd "$(dirname "$0")/.."
[ -x node_modules/.bin/node ] || npm ci --no-audit --no-fund
PATH="$PWD/node_modules/.bin:$PATH" exec node bench/run.ts "$@"
