/**
 * The guest's side of what the server asks, over a serial port of the machine: one line in, one line out. Perl is in every
 * Debian, and one that already runs answers without starting a program. It never sends anything by itself.
 *
 * - `ping` → `pong`, when the engine answers
 * - `fresh <epoch seconds> <entropy hex> <machine id> <host name>`: what two copies of one saved state must not share.
 *   The kernel's own generator is told anew by the machine's generation id as well; this does not depend on it.
 * - `load <bytes>`: gives the engine the images on the fourth disk.
 * - `sync` → after everything is on the disk
 * - `poweroff`
 */
export const guestAgent = String.raw`use strict;
use warnings;
use IO::Socket::UNIX;
use Fcntl;

my $port = '/dev/virtio-ports/org.redcontrol.agent';
sysopen(my $in, $port, O_RDWR) or die "expected $port, got: $!";
my $rest = '';
while (1) {
  my $read = sysread($in, my $chunk, 65536);
  if (!$read) { select(undef, undef, undef, 0.05); next; }
  $rest .= $chunk;
  die 'a line too long' if length($rest) > 1_000_000;
  while ($rest =~ s/^([^\n]*)\n//) {
    my ($name, @words) = split / /, $1;
    my $answer = eval { answer($name, @words) };
    $answer = "failed $@" unless defined $answer;
    $answer =~ s/\s+/ /g;
    syswrite($in, "$answer\n");
  }
}

sub answer {
  my ($name, @words) = @_;
  return ping() if $name eq 'ping';
  return fresh(@words) if $name eq 'fresh';
  return load(@words) if $name eq 'load';
  if ($name eq 'sync') { run('sync'); return 'done'; }
  if ($name eq 'poweroff') { run('systemctl', '--no-block', 'poweroff'); return 'done'; }
  return "failed unknown $name";
}

sub ping {
  my $engine = IO::Socket::UNIX->new(Peer => '/run/docker.sock');
  if ($engine) {
    print $engine "GET /_ping HTTP/1.0\r\nHost: engine\r\n\r\n";
    $engine->flush;
    my $reply = <$engine>;
    return 'pong' if defined $reply and $reply =~ m{^HTTP/1\.. 200};
  }
  my $said = qx{journalctl -b -o cat -u redcontrol-boot | head -c 800; journalctl -b -n 6 -o cat -u docker};
  die "the engine does not answer: $said";
}

sub fresh {
  my ($epoch, $entropy, $id, $host) = @_;
  my $seconds = int($epoch);
  my $time = pack('q q', $seconds, int(($epoch - $seconds) * 1e9));
  syscall(227, 0, $time) == 0 or die "clock_settime: $!";
  my $bytes = pack('H*', $entropy);
  sysopen(my $random, '/dev/urandom', O_RDWR) or die "urandom: $!";
  ioctl($random, 0x40085203, pack('i i a*', 8 * length($bytes), length($bytes), $bytes)) or die "entropy: $!";
  ioctl($random, 0x5207, 0) or die "reseed: $!";
  put('/etc/machine-id', "$id\n");
  put('/etc/hostname', "$host\n");
  put('/proc/sys/kernel/hostname', $host);
  return 'done';
}

sub load {
  my ($bytes) = @_;
  my $engine = IO::Socket::UNIX->new(Peer => '/run/docker.sock') or die "engine: $!";
  sysopen(my $disk, '/dev/vdd', O_RDONLY) or die "disk: $!";
  print $engine "POST /images/load?quiet=1 HTTP/1.0\r\nHost: engine\r\nContent-Type: application/x-tar\r\nContent-Length: $bytes\r\n\r\n";
  $engine->flush;
  while ($bytes > 0) {
    my $read = sysread($disk, my $chunk, $bytes < 1048576 ? $bytes : 1048576) or die "disk ended: $!";
    $bytes -= $read;
    for (my $at = 0; $at < $read; ) {
      my $sent = syswrite($engine, $chunk, $read - $at, $at) or die "engine: $!";
      $at += $sent;
    }
  }
  my $reply = join '', <$engine>;
  die $reply unless $reply =~ m{^HTTP/1\.. 200} and $reply !~ /"error"/;
  return 'done';
}

sub run { system(@_) == 0 or die "$_[0] failed"; }

sub put {
  my ($path, $text) = @_;
  open(my $file, '>', $path) or die "$path: $!";
  print $file $text;
  close($file) or die "$path: $!";
}
`;
