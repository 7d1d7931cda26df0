import { serverPaths } from '../paths.ts';

/**
 * `data` or `keep` → purges the manifest's packages that nothing else needs: they are marked as automatic, and what apt
 * would then clear away is cut with the manifest's list, so nothing of anybody else's goes. An engine on which others
 * have containers or volumes stays. The engine's bridge and packet filter rules, which no package removes,
 * go with it, and forwarding is switched off where it was off before and nobody has asked for it since; its data only when told.
 */
export const removePackagesScript = `set -eu
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 LC_ALL=C.UTF-8
work=/run/redcontrol-install
options='-q -y -o DPkg::Lock::Timeout=900 -o Dpkg::Use-Pty=0'
is_ours() { grep -qx "$1" "$work/ours"; }
is_removable() { grep -qx "$1" "$work/removable"; }

sed -n 's/^package //p' ${serverPaths.manifest} | sort -u | while read -r name; do
  [ "$(dpkg-query -W -f '\${db:Status-Abbrev}' "$name" 2>/dev/null)" = 'ii ' ] && echo "$name"
done >"$work/ours" || true
[ -s "$work/ours" ] || exit 0

engine=
if is_ours docker.io; then
  engine=ours
  foreign() { [ "$("$@" -q | sort -u | wc -l)" != "$("$@" -q --filter label=redcontrol=default | sort -u | wc -l)" ]; }
  if docker version >/dev/null 2>&1 && { foreign docker ps -a || foreign docker volume ls; }; then
    engine=shared
    echo 'Docker stays: there are containers or volumes on it that are not ours'
  fi
fi

while read -r name; do
  case $engine:$name in shared:docker*) ;; *) apt-mark auto "$name" >/dev/null ;; esac
done <"$work/ours"
apt-get $options -s -o APT::AutoRemove::RecommendsImportant=false -o APT::AutoRemove::SuggestsImportant=false autoremove \\
  | awk '$1 == "Remv" { print $2 }' | sort -u >"$work/unneeded"
grep -Fxf "$work/ours" "$work/unneeded" >"$work/removable" || true
grep -vFxf "$work/removable" "$work/ours" | sed 's/^/stays, because something else needs it: /' || true
[ -s "$work/removable" ] || exit 0

if [ "$engine" = ours ]; then systemctl stop docker.socket docker.service containerd.service 2>/dev/null || true; fi
if [ "$engine" = ours ] && command -v iptables-save >/dev/null; then
  for family in iptables ip6tables; do
    "$family-save" 2>/dev/null | grep -v -i docker >"$work/rules" || true
    "$family-restore" <"$work/rules" 2>/dev/null || true
    grep -q '^-A FORWARD' "$work/rules" || "$family" -P FORWARD ACCEPT 2>/dev/null || true
  done
  ip link delete docker0 2>/dev/null || true
  if grep -qx 'forwarding was off' ${serverPaths.manifest} && ! grep -rqsE '^[[:space:]]*net[./]ipv4[./](ip_forward|conf[./]all[./]forwarding)[[:space:]]*=[[:space:]]*1' /etc/sysctl.conf /etc/sysctl.d /usr/lib/sysctl.d /run/sysctl.d; then
    echo 0 >/proc/sys/net/ipv4/ip_forward
  fi
fi
xargs apt-get $options -s purge -- <"$work/removable" | awk '$1 == "Remv" || $1 == "Purg" { print $2 }' | sort -u | grep -vFxf "$work/removable" && exit 1
# Purging docker.io runs a script that its removal leaves in /var/lib/docker and that deletes all of it, volumes too.
if is_removable docker.io; then
  apt-get $options remove -- docker.io
  rm -f /var/lib/docker/nuke-graph-directory.sh
  if [ "$1" = keep ] && grep -e /var/lib/docker -e /var/lib/containerd /var/lib/dpkg/info/docker.io.postrm | grep -q -v nuke-graph-directory.sh; then
    sed -i '/^docker.io$/d' "$work/removable"
    echo 'the settings of docker.io stay, because purging them could delete its volumes'
  fi
fi
xargs apt-get $options purge -- <"$work/removable"
if [ "$engine" = ours ]; then
  rm -rf /etc/docker /run/docker /run/docker.sock /run/containerd
  # containerd and runc of Ubuntu make these and leave them empty.
  rm -f /run/nri/nri.sock
  rmdir /run/runc /run/nri /opt/containerd/bin /opt/containerd/lib /opt/containerd 2>/dev/null || true
  rmdir /etc/cni/net.d /etc/cni 2>/dev/null || true
  if getent group docker >/dev/null && [ -z "$(getent group docker | cut -d: -f4)" ]; then groupdel docker; fi
  if [ "$1" = data ]; then
    find /var/lib/docker /var/lib/containerd -mindepth 1 -delete 2>/dev/null || true
    rmdir /var/lib/docker /var/lib/containerd 2>/dev/null || true
  fi
fi
if is_removable haproxy; then rm -rf /var/lib/haproxy /run/haproxy /run/haproxy.pid /run/haproxy-master.sock; fi
`;
