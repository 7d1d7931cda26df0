#!/bin/sh
# Makes sure that a Docker Engine answers on this machine: installs it where it is missing and starts it where it
# does not run. Safe to run again and again. Needs root to install or start.
# REDCONTROL_ENGINE: folder for the engine's data where it is started without systemd.
set -eu

folder=${REDCONTROL_ENGINE:-/var/tmp/redcontrol-engine}
socket=/var/run/docker.sock

say() { printf 'engine: %s\n' "$*"; }
# Asks the socket itself: a DOCKER_HOST in the environment could name another engine.
client() { DOCKER_HOST="unix://$socket" docker "$@"; }
answers() { command -v docker >/dev/null 2>&1 && client version --format '{{.Server.Version}}' 2>/dev/null; }

if version=$(answers); then
  say "$version answers on $socket"
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  say "none answers on $socket, and installing or starting one needs root" >&2
  exit 1
fi

if ! command -v dockerd >/dev/null 2>&1 || ! command -v iptables >/dev/null 2>&1; then
  if ! command -v apt-get >/dev/null 2>&1; then
    say "dockerd is missing and there is no apt-get to install it with: install Docker Engine, then run this again" >&2
    exit 1
  fi
  say "installing docker.io and iptables"
  packages='docker.io iptables'
  DEBIAN_FRONTEND=noninteractive apt-get update -q >/dev/null
  # Debian 13 has the client and BuildKit's plugin in packages of their own.
  for extra in docker-cli docker-buildx; do
    if [ -n "$(apt-cache madison "$extra" 2>/dev/null)" ]; then packages="$packages $extra"; fi
  done
  # shellcheck disable=SC2086 # a list of words
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages >/dev/null
fi

if [ -d /run/systemd/system ]; then
  say "starting docker.service"
  systemctl start docker.service
else
  mkdir -p "$folder"
  say "starting dockerd, data in $folder, log in $folder/dockerd.log"
  nohup setsid dockerd --data-root "$folder/data" --exec-root "$folder/exec" -p "$folder/pid" \
    -H "unix://$socket" >>"$folder/dockerd.log" 2>&1 </dev/null &
fi

tries=0
until version=$(answers); do
  tries=$((tries + 1))
  if [ "$tries" -gt 120 ]; then
    say "dockerd did not answer within 60 seconds" >&2
    if [ -f "$folder/dockerd.log" ]; then tail -n 20 "$folder/dockerd.log" >&2; fi
    exit 1
  fi
  sleep 0.5
done
say "$version answers on $socket"
