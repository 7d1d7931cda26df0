import type { InstallOperation, WantedInstall } from '../operation.ts';
import type { ServerFacts } from '../server-facts.ts';

/** Packages that are taken where the suite has them: Debian 13 keeps the client and BuildKit's plugin apart. */
const dockerExtras = ['docker-cli', 'docker-buildx'];
/** What git, builds, the proxy and Node (libatomic1) need on any server. The keyring lets Ubuntu make Debian images. */
const always = ['ca-certificates', 'debian-archive-keyring', 'git', 'haproxy', 'iproute2', 'iptables', 'libatomic1', 'mmdebstrap', 'openssh-client'];

/** Virtual machines: without recommended packages these bring no display and no sound. */
const forMachines = ['qemu-system-x86', 'qemu-utils', 'openssl'];

/** Missing packages in one go; undefined when all are there. A Docker that is there stays as it is. */
export function packagesOperation(facts: ServerFacts, wanted: Pick<WantedInstall, 'machines'>): InstallOperation | undefined {
  const { installed, available } = facts.packages;
  const engine = facts.docker.state === 'absent' ? ['docker.io', ...(facts.apparmor ? ['apparmor'] : [])] : [];
  const missing = [...engine, ...always, ...(wanted.machines ? forMachines : [])].filter((name) => installed[name] === undefined);
  const ownDocker = engine.length > 0 || installed['docker.io'] !== undefined;
  const extras = ownDocker ? dockerExtras.filter((name) => installed[name] === undefined) : [];
  const gettable = extras.filter((name) => available.includes(name));
  if (missing.length === 0 && gettable.length === 0 && !facts.packages.interrupted) return undefined;

  return {
    id: 'packages',
    kind: 'create',
    target: facts.hostname,
    description: `Install ${[...missing, ...gettable].join(', ') || 'what dpkg left half done'}`,
    warning: null,
    check: `[ -z "$(dpkg --audit)" ] || return 1
for name in $1; do
  [ "$(dpkg-query -W -f '\${db:Status-Abbrev}' "$name" 2>/dev/null)" = 'ii ' ] || return 1
done
docker version >/dev/null 2>&1 || { systemctl start docker 2>/dev/null && docker version >/dev/null 2>&1; }`,
    script: `remember "data"
${engine.length > 0 ? rememberForwarding : ''}detached packages "$@" <<'END'
${aptScript}
END`,
    arguments: [missing.join(' '), extras.join(' ')],
  };
}

/** Docker lets the server pass packets on between networks; uninstalling puts that back where it was off. */
const rememberForwarding = `[ "$(cat /proc/sys/net/ipv4/ip_forward)" != 0 ] || remember 'forwarding was off'
`;

/**
 * apt waits for dpkg's lock by itself, but not for those of its lists and archives, which a fresh server's first
 * automatic update holds for minutes. Package lists are fetched only when they are missing or too old to install from.
 * What goes over the network has a time limit, because a download of apt can stand still for good; unpacking has none.
 * Archives go to a folder of their own, which is removed: 80 MB that nobody needs again.
 * Each new package is written into the manifest before it is installed.
 */
const aptScript = `set -eu
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 LC_ALL=C.UTF-8
log=/run/redcontrol-install/packages.log
manifest=/var/lib/redcontrol/install/manifest

patiently() {
  tries=0
  while :; do
    mark=$(stat -c %s "$log")
    "$@" && return 0
    tail -c "+$((mark + 1))" "$log" | grep -q -E 'Could not get lock|Unable to (lock|acquire)|was locked by' || return 1
    tries=$((tries + 1))
    [ "$tries" -le 180 ] || return 1
    [ "$tries" -gt 1 ] || echo 'another program is using apt: waiting for it'
    sleep 5
  done
}
archives=/var/cache/redcontrol-archives
mkdir -p "$archives/partial"
options="-q -y -o DPkg::Lock::Timeout=900 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold -o Dir::Cache::archives=$archives"
apt() { apt-get $options "$@"; }
limited() { seconds=$1; shift; timeout "$seconds" apt-get $options "$@"; }
update() { limited 600 update; }
wanted() {
  printf '%s' "$1"
  for name in $2; do [ -z "$(apt-cache madison "$name" 2>/dev/null)" ] || printf ' %s' "$name"; done
}
simulate() { apt-get -s -q --no-install-recommends install -- $(wanted "$1" "$2") >/run/redcontrol-install/simulation 2>&1; }

if [ -n "$(dpkg --audit)" ]; then patiently dpkg --configure -a; fi
if ! simulate "$1" "$2"; then
  patiently update
  simulate "$1" "$2" || { cat /run/redcontrol-install/simulation; exit 1; }
fi
removed=$(awk '$1 == "Remv" { print $2 }' /run/redcontrol-install/simulation)
if [ -n "$removed" ]; then
  echo "installing these would remove $removed: not done" >&2
  exit 1
fi
awk '$1 == "Inst" && $3 !~ /^\\[/ { print "package " $2 }' /run/redcontrol-install/simulation >>"$manifest"
download() { limited 900 --no-install-recommends --download-only install -- $(wanted "$1" "$2"); }
install() { apt --no-install-recommends install -- $(wanted "$1" "$2"); }
patiently download "$1" "$2" || { patiently update; patiently download "$1" "$2"; }
patiently install "$1" "$2"
rm -rf "$archives"
`;
