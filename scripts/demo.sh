#!/bin/sh
# Shows RedControl on throw-away machines: installs what it needs (Debian packages, npm packages, a Docker engine), then
# runs demo/main.ts. `npm run demo -- --down` removes the machines again. Safe to run again and again.
set -eu
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$*"; }

case " $* " in
  *' --down '*) ;;
  *)
    missing=
    for program in git ssh ssh-keygen mmdebstrap; do command -v "$program" >/dev/null 2>&1 || missing="$missing $program"; done
    if [ -n "$missing" ]; then
      if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        # mmdebstrap is only one way to a base image; the other is the official one.
        case $missing in *git* | *ssh*) echo "missing:$missing. Install them, then run this again." >&2; exit 1 ;; esac
      else
        say "Debian packages"
        export DEBIAN_FRONTEND=noninteractive
        apt-get -o DPkg::Lock::Timeout=120 update -qq
        apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends git openssh-client mmdebstrap ca-certificates >/dev/null
      fi
    fi
    if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
      say "npm packages"
      npm ci --no-audit --no-fund
    fi
    say "Docker engine"
    sh scripts/engine.sh
    ;;
esac

PATH="$PWD/node_modules/.bin:$PATH"
export PATH
exec node demo/main.ts "$@"
