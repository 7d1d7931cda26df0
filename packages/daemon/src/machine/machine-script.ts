/**
 * Brings up a machine's network and becomes its QEMU: the same text for a unit of systemd and for a child process.
 * Arguments: the machine's directory (with its `rules`), namespace, link, the server's address, the outer address, gateway,
 * guest, pool, then QEMU's command. The process id stays the same to the end and stands in `pid`.
 * The unit's file system and the daemon's are different, so nothing of it happens in the daemon.
 */
export const machineScript = `set -eu
directory=$1 namespace=$2 link=$3 host=$4 outer=$5 gateway=$6 guest=$7 pool=$8
shift 8
echo $$ > "$directory/pid"
[ -c /dev/net/tun ] || { mkdir -p /dev/net; mknod /dev/net/tun c 10 200; }
[ ! -e "/sys/class/net/$link" ] || { echo "$link is in use" >&2; exit 75; }
ip netns delete "$namespace" 2>/dev/null || :
ip netns add "$namespace"
ip -batch - <<END
link add $link type veth peer name eth0 netns $namespace
address add $host/30 dev $link
link set $link up
END
ip -n "$namespace" -batch - <<END
link set lo up
tuntap add dev tap0 mode tap
address add $gateway/30 dev tap0
link set tap0 up
address add $outer/30 dev eth0
link set eth0 up
route add default via $host
route add $pool via $guest
END
ip route replace "$pool" via "$outer" dev "$link"
exec nsenter --net="/run/netns/$namespace" sh -c '
set -eu
echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6 2>/dev/null || :
iptables-restore -w 10 < "$0"
echo 1 > /proc/sys/net/ipv4/ip_forward
exec "$@"' "$directory/rules" "$@"
`;

/**
 * Asks a machine to shut down and waits for its process; the unit's own time limit ends the wait. Argument: the machine's
 * directory. Perl is in every Debian and Ubuntu. The word waits in the socket where the guest is still starting.
 */
export const machineStopScript = `perl -MIO::Socket::UNIX -e 'my $power = IO::Socket::UNIX->new(Peer => shift) or exit 0; print $power "off\\n"; $power->flush; 1 while <$power>' "$1/power.sock"
while kill -0 "$MAINPID" 2>/dev/null; do sleep 0.2; done
`;

/** Takes the network down again; safe when it is gone. Arguments: namespace, link. */
export const machineEndScript = `ip link delete "$2" 2>/dev/null || :
ip netns delete "$1" 2>/dev/null || :
`;
