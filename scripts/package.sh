#!/bin/sh
# Makes packages into dist/packages: redwatch for npm and for Debian (a .deb with Node inside). `npm run package -- desktop`
# makes the desktop app's package instead (scripts/package-desktop.sh), which builds its window and takes minutes.
set -eu
cd "$(dirname "$0")/.."
[ -x node_modules/.bin/node ] || npm ci --no-audit --no-fund
PATH="$PWD/node_modules/.bin:$PATH"
export PATH
case "${1:-redwatch}" in
  redwatch) exec node packages/redwatch/package/make-packages.ts ;;
  desktop) shift; exec sh scripts/package-desktop.sh "$@" ;;
  *) echo "Expected redwatch or desktop, got $1" >&2; exit 2 ;;
esac
