import type { TestServer } from '../server/start-test-server.ts';

/** Everything about a server that an installation may change; /etc/hosts is the test engine's, new with each boot, and Ubuntu writes down who was greeted. */
const script = `
cd /etc
dpkg-query -W -f 'package \${Package} \${db:Status-Abbrev}\\n'
find . -type f ! -name '*-' ! -name ld.so.cache ! -path ./hosts -exec sha256sum {} + | sed 's/^/etc /'
find . -type l -printf 'link %p %l\\n'
find . -type d -printf 'directory %p\\n'
cut -d: -f1 /etc/passwd /etc/group | sed 's/^/name /'
systemctl list-unit-files --state=enabled --no-legend | sed 's/^/unit /'
systemctl list-units --state=failed --no-legend --plain | sed 's/^/failed /'
ss -H -l -n -t | awk '{ print "listens " $4 }'
ip -o link | awk -F'[:@] *' '{ print "network " $2 }'
echo "forwarding $(cat /proc/sys/net/ipv4/ip_forward)"
iptables-save 2>/dev/null | grep '^-A'
find /usr/local /opt /root /var/lib -maxdepth 2 ! -path '/var/lib/apt/*' ! -path '/var/lib/dpkg/*' ! -path '/var/lib/docker/*' ! -path '/var/lib/containerd/*' ! -path '/var/lib/redcontrol/*' ! -path '/var/lib/systemd/*' ! -path '/root/.cache' ! -path /root/.cache/motd.legal-displayed | sed 's/^/file /'
ls /run | grep -v -e motd -e adduser | sed 's/^/run /'
`;

export async function serverSnapshot(server: TestServer): Promise<Set<string>> {
  const { stdout } = await server.exec(script);
  return new Set(stdout.trim().split('\n'));
}

/** Lines that came (`+`) and went (`-`). */
export function snapshotDifference(before: Set<string>, after: Set<string>): string[] {
  return [...[...after].filter((line) => !before.has(line)).map((line) => `+ ${line}`), ...[...before].filter((line) => !after.has(line)).map((line) => `- ${line}`)];
}
