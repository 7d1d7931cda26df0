import type { GuestFile } from './machine-recipe.ts';
import { guestAddress, gatewayAddress, enginePort } from '../network/addresses.ts';
import { guestAgent } from './guest-agent.ts';

/**
 * What makes the guest RedControl's, in the order of a boot: its network and disks before the engine, then the agent.
 * Disks: vda system, vdb data, vdc seed (what is this machine's own: certificates, settings), vdd images to load.
 */
const bootScript = `#!/bin/sh
set -eu
# Not when udev comes to it.
modprobe virtio_net
modprobe virtio_console
ip link set lo up
ip address add ${guestAddress}/30 dev eth0
ip link set eth0 up
ip route add default via ${gatewayAddress}
rm -f /etc/resolv.conf
echo 'nameserver ${gatewayAddress}' > /etc/resolv.conf
mkdir -p /run/redcontrol /var/lib/docker
mount -o ro /dev/vdc /run/redcontrol
if ! blkid /dev/vdb > /dev/null; then
  mkfs.ext4 -q -m 0 -J size=32 -E lazy_itable_init=1,lazy_journal_init=1,nodiscard -L data /dev/vdb
fi
fsck.ext4 -p /dev/vdb > /dev/null || [ $? -le 2 ]
mount -o noatime,discard,noinit_itable /dev/vdb /var/lib/docker
resize2fs /dev/vdb > /dev/null 2>&1 || true
mkdir -p /etc/docker
cp /run/redcontrol/daemon.json /etc/docker/daemon.json
# The bundle alone is what the engine reads; the tool that makes it takes a minute in a slow machine.
cat /run/redcontrol/trust/*.crt >> /etc/ssl/certs/ca-certificates.crt 2> /dev/null || true
# The engine answers its own host alone, not the containers that it runs.
iptables -A INPUT -p tcp --dport ${enginePort} ! -i eth0 -j DROP
`;

/** Once the engine has made its chains: the server reaches containers by their addresses, as it does its own. */
const openScript = `#!/bin/sh
set -eu
iptables -I DOCKER-USER -i eth0 -s ${gatewayAddress} -j ACCEPT
while read -r host; do iptables -I DOCKER-USER -i eth0 -s "$host" -j ACCEPT; done < /run/redcontrol/reached-from
`;

/** Of no use in a machine that nobody logs in to and that is made anew rather than updated. */
export const maskedUnits = [
  'getty.target', 'apt-daily.timer', 'apt-daily-upgrade.timer', 'dpkg-db-backup.timer', 'e2scrub_all.timer', 'e2scrub_reap.service', 'fstrim.timer',
  'systemd-timesyncd.service', 'systemd-networkd.service', 'systemd-update-utmp.service', 'systemd-update-utmp-runlevel.service',
  'systemd-logind.service', 'systemd-binfmt.service', 'systemd-pstore.service', 'systemd-hwdb-update.service', 'ldconfig.service', 'systemd-random-seed.service',
] as const;

const unit = (text: string) => text.trimStart();

export const guestFiles: readonly GuestFile[] = [
  { path: '/usr/lib/redcontrol/boot', text: bootScript, mode: 0o755 },
  { path: '/usr/lib/redcontrol/open', text: openScript, mode: 0o755 },
  { path: '/usr/lib/redcontrol/agent', text: guestAgent, mode: 0o755 },
  {
    path: '/etc/systemd/system/redcontrol-boot.service', mode: 0o644,
    text: unit(`
[Unit]
Description=Network, disks and settings of this machine
Before=docker.service containerd.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/lib/redcontrol/boot
[Install]
WantedBy=multi-user.target
`),
  },
  {
    path: '/etc/systemd/system/redcontrol-agent.service', mode: 0o644,
    text: unit(`
[Unit]
Description=What the server asks of this machine
After=docker.service
Wants=docker.service
[Service]
ExecStart=/usr/bin/perl /usr/lib/redcontrol/agent
Restart=always
OOMScoreAdjust=-900
[Install]
WantedBy=multi-user.target
`),
  },
  {
    path: '/etc/systemd/system/docker.service.d/redcontrol.conf', mode: 0o644,
    text: unit(`
[Unit]
Requires=redcontrol-boot.service
After=redcontrol-boot.service
[Service]
ExecStart=
ExecStart=/usr/sbin/dockerd -H fd:// -H tcp://${guestAddress}:${enginePort} --tlsverify --tlscacert=/run/redcontrol/ca.pem --tlscert=/run/redcontrol/server.pem --tlskey=/run/redcontrol/server-key.pem
ExecStartPost=/usr/lib/redcontrol/open
OOMScoreAdjust=-900
`),
  },
  { path: '/etc/modprobe.d/redcontrol.conf', text: ['kvm', 'kvm_amd', 'kvm_intel', 'powernow_k8', 'acpi_cpufreq', 'psmouse', 'i2c_i801', 'iTCO_wdt'].map((name) => `blacklist ${name}\n`).join(''), mode: 0o644 },
  { path: '/etc/fstab', text: '/dev/vda / ext4 noatime,errors=remount-ro 0 1\n', mode: 0o644 },
  { path: '/etc/hostname', text: 'machine\n', mode: 0o644 },
  // Every boot is the first one of a new disk: without these systemd would set up all units and caches anew each time. The id is given at the start.
  { path: '/etc/machine-id', text: `${'0'.repeat(31)}1\n`, mode: 0o444 },
  { path: '/etc/.updated', text: '', mode: 0o644 },
  { path: '/var/.updated', text: '', mode: 0o644 },
  // Memory is what a machine has least of: its journal stays small.
  { path: '/etc/systemd/journald.conf.d/redcontrol.conf', text: '[Journal]\nStorage=volatile\nRuntimeMaxUse=8M\n', mode: 0o644 },
];
