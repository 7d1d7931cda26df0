#!/bin/sh
# Installs what the native window is built from: Debian packages, and cargo where there is none. `--driver` adds what tests
# drive it by. Only what is missing is installed, by apt-get as root; what cannot be is said, with exit code 1.
set -eu

# The version that Tauri needs.
least_rust=90

say() { printf 'window: %s\n' "$*"; }
is_installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'; }
minor_of_rust() { cargo --version 2>/dev/null | sed -n 's/^cargo 1\.\([0-9]*\).*/\1/p'; }
has_cargo() { minor=$(minor_of_rust); [ -n "$minor" ] && [ "$minor" -ge "$least_rust" ]; }

wanted='pkg-config libwebkit2gtk-4.1-dev libayatana-appindicator3-dev librsvg2-dev libxdo-dev'
if [ "${1:-}" = --driver ]; then wanted="$wanted xvfb webkit2gtk-driver dbus"; fi

missing=
if command -v dpkg-query >/dev/null 2>&1; then
  for package in $wanted; do is_installed "$package" || missing="$missing $package"; done
fi
if ! has_cargo && ! command -v rustup >/dev/null 2>&1; then missing="$missing cargo"; fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  say "missing:$missing (cargo 1.$least_rust or later, e.g. by rustup)" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -o DPkg::Lock::Timeout=120 update -qq
case $missing in
  *' cargo')
    # Debian 12 has a newer compiler, made for browsers, in a package of another name.
    if [ -n "$(apt-cache madison cargo-web 2>/dev/null)" ]; then missing="${missing% cargo} cargo-web"; fi ;;
esac
say "installing:$missing"
# shellcheck disable=SC2086 # a list of words
apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends $missing >/dev/null
if ! has_cargo; then
  say "expected cargo 1.$least_rust or later, got $(cargo --version 2>/dev/null || echo none): install it by rustup" >&2
  exit 1
fi
