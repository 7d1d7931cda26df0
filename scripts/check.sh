#!/bin/sh
# Types, lint, borders between packages, dead code. Says which part failed.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/node_modules/.bin:$PATH"

echo "check: types"
tsc -p .
if [ -f packages/desktop/tsconfig.json ]; then tsc -p packages/desktop; fi
echo "check: lint"
oxlint --deny-warnings
echo "check: borders"
depcruise --config .dependency-cruiser.cjs --output-type err packages
echo "check: dead code"
knip --no-progress --no-config-hints
echo "check: sizes"
node scripts/check-sizes.ts
