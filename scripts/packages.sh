#!/bin/sh
# Debian packages that tests and demo use; installs only what is missing.
set -eu
missing=""
for package in git git-lfs openssh-client openssh-server haproxy mmdebstrap ca-certificates curl chromium dbus qemu-system-x86 qemu-utils iproute2 iptables; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || { echo "all there"; exit 0; }
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get -o DPkg::Lock::Timeout=120 update -qq
# Services that a package would start (haproxy, sshd) are not wanted here.
printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
chmod +x /usr/sbin/policy-rc.d
# shellcheck disable=SC2086
apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends $missing > /dev/null
rm -f /usr/sbin/policy-rc.d
