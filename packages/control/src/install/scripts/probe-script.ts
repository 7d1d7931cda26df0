import { serverDirectories, serverPaths } from '../paths.ts';

/** Packages that an installation asks about; see plan-packages.ts. */
export const knownPackages = [
  'apparmor', 'ca-certificates', 'debian-archive-keyring', 'docker-buildx', 'docker-ce', 'docker-cli', 'docker.io', 'git',
  'haproxy', 'iproute2', 'iptables', 'libatomic1', 'mmdebstrap', 'openssh-client', 'openssh-server', 'openssl', 'podman-docker',
  'qemu-system-x86', 'qemu-utils',
] as const;

/** Files whose SHA-256 tells whether they are as an installation leaves them. */
export const knownFiles = [
  serverPaths.command, serverPaths.sshdSettings, serverPaths.unit, serverPaths.proxyUnit, serverPaths.authorizedKeys, serverPaths.proxyConfig,
] as const;

const list = (words: readonly string[]) => words.join(' ');

/**
 * Looks at a server and changes nothing. Prints `key<TAB>value` lines; a key may come several times.
 * Runs in dash, as root where that is possible; everything that can hang has a time limit.
 */
export const probeScript = `
export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
say() { printf '%s\\t%s\\n' "$1" "$2"; }
has() { command -v "$1" >/dev/null 2>&1; }
limited() { timeout 10 "$@" 2>/dev/null </dev/null; }

system() {
  say hostname "$(uname -n)"
  [ -r /etc/os-release ] && (
    . /etc/os-release
    say os.id "\${ID:-}"; say os.version "\${VERSION_ID:-}"; say os.codename "\${VERSION_CODENAME:-}"; say os.name "\${PRETTY_NAME:-}"
  )
  say machine "$(uname -m)"
  say kernel "$(uname -r)"
  say time "$(date +%s)"
  say cpus "$(nproc)"
  while read -r key value unit; do say "memory.\${key%:}" "$value"; done </proc/meminfo
  df -Pk /var/lib | { read -r header; read -r name total used free rest; say disk.totalKb "$total"; say disk.freeKb "$free"; }
  say pid1 "$(cat /proc/1/comm)"
  if has systemctl; then
    say systemd.version "$(systemctl --version | { read -r word version rest; echo "$version"; })"
    say systemd.state "$(limited systemctl is-system-running)"
  fi
  has ip && ip -o addr show scope global 2>/dev/null | while read -r number name family address rest; do say address "\${address%/*}"; done
  [ -r /sys/module/apparmor/parameters/enabled ] && say apparmor "$(cat /sys/module/apparmor/parameters/enabled)"
  if [ ! -e /dev/kvm ]; then say kvm absent
  elif ! (: <>/dev/kvm) 2>/dev/null; then say kvm unusable
  elif [ "$(uname -m)" = x86_64 ] && ! grep -q -w -m1 -E 'vmx|svm' /proc/cpuinfo; then say kvm unusable
  else say kvm usable; fi
  for name in qemu-system-x86_64 qemu-system-aarch64; do
    has "$name" && say qemu "$(limited "$name" --version | head -n 1)"
  done
}

packages() {
  has dpkg-query || return 0
  dpkg-query -W -f 'package\\t\${Package} \${Version} \${db:Status-Abbrev}\\n' ${list(knownPackages)} 2>/dev/null
  [ -n "$(dpkg --audit 2>/dev/null)" ] && say dpkg.interrupted yes
  limited apt-cache madison docker-buildx docker-cli apparmor | while read -r name rest; do say available "$name"; done
}

docker_engine() {
  if ! has docker && ! has dockerd && [ ! -S /var/run/docker.sock ]; then say docker.state absent; return 0; fi
  if has docker && limited docker --version | grep -qi podman; then say docker.origin podman
  elif has dockerd; then
    path=$(readlink -f "$(command -v dockerd)")
    case $path in
      /snap/*) say docker.origin snap ;;
      *) owner=$(dpkg -S "$path" 2>/dev/null); say docker.origin "\${owner%%:*}" ;;
    esac
  fi
  if version=$(limited docker version --format '{{.Server.Version}}') && [ -n "$version" ]; then
    say docker.state running; say docker.version "$version"
  else say docker.state unanswering; fi
  say docker.buildx "$(limited docker buildx version | head -n 1)"
}

ports() {
  has ss || return 0
  ss -H -ltnp 'sport = :80 or sport = :443' 2>/dev/null | while read -r state received sent local peer users; do
    pid=\${users#*pid=}; pid=\${pid%%,*}
    program=\${users#*\\"}; program=\${program%%\\"*}
    unit=$(grep -o -m1 '[^/]*\\.service' "/proc/$pid/cgroup" 2>/dev/null)
    say port "\${local##*:} \${program:-unknown} $unit"
  done
}

ssh_server() {
  has sshd || return 0
  say sshd.version "$(sshd -V 2>&1 | grep -o -m1 'OpenSSH[^ ,]*')"
  limited sshd -T -C user=redcontrol,host=localhost,addr=127.0.0.1 \\
    | grep -E '^(pubkeyauthentication|authorizedkeysfile|allowusers|allowgroups|denyusers|denygroups|permittty|allowtcpforwarding|passwordauthentication) ' \\
    | while read -r key value; do say "sshd.for.$key" "$value"; done
}

redcontrol() {
  [ -L ${serverPaths.current} ] && say release "$(basename "$(readlink ${serverPaths.current})")"
  [ -d ${serverPaths.upgrade} ] && say upgrade.open yes
  for path in ${serverPaths.releases}/*/redcontrol-daemon.mjs; do [ -e "$path" ] && say has.release "$(basename "$(dirname "$path")")"; done
  for path in ${serverPaths.runtime}/*/bin/node; do [ -x "$path" ] && say has.runtime "$(basename "\${path%/bin/node}")"; done
  if has systemctl; then
    say service "$(limited systemctl show --property ActiveState --value redcontrol.service)"
    say proxy "$(limited systemctl show --property ActiveState --value redcontrol-haproxy.service)"
    for unit in haproxy.service redcontrol.service redcontrol-haproxy.service; do
      [ "$(limited systemctl is-enabled "$unit")" = enabled ] && say enabled "$unit"
    done
  fi
  for path in ${list(knownFiles)}; do
    [ -r "$path" ] && sum=$(sha256sum "$path") && say file "\${sum%% *} $path"
  done
  for path in ${list(serverDirectories.map(({ path }) => path))}; do
    [ -d "$path" ] && say directory "$(stat -c '%a %U:%G %n' "$path")"
  done
  user=$(getent passwd redcontrol) && say user.home "$(echo "$user" | cut -d: -f6)"
  case $(getent shadow redcontrol 2>/dev/null | cut -d: -f2) in '!'*) say user.locked yes ;; esac
  [ -r ${serverPaths.manifest} ] && while read -r line; do say manifest "$line"; done <${serverPaths.manifest}
  [ -r ${serverPaths.settings} ] && say public.host "$(sed -n 's/^REDCONTROL_PUBLIC_HOST=//p' ${serverPaths.settings} | head -n 1)"
  if has ufw && limited ufw status | grep -q '^Status: active'; then
    say ufw active
    ufw status | grep -w ALLOW | while read -r port rest; do say ufw.allowed "$port"; done
  fi
}

main() {
  say facts 1
  say uid "$(id -u)"
  say user "\${SUDO_USER:-$(id -un)}"
  [ -n "\${SUDO_USER:-}" ] && say sudo yes
  system; packages; docker_engine; ports; ssh_server; redcontrol
  say end 1
}
main </dev/null 2>/dev/null
`;
