import { guestImageArchive } from './guest-image-archive.ts';

/**
 * The guest's side of what the server asks, over a serial port of the machine: one line in, one line out. Perl is in every
 * Debian, and one that already runs answers without starting a program. It never sends anything by itself.
 *
 * - `ping` → `pong`, when the engine answers
 * - `fresh <epoch seconds> <entropy hex> <machine id> <host name>`: what two copies of one saved state must not share.
 *   The kernel's own generator is told anew by the machine's generation id as well; this does not depend on it.
 * - `load <bytes>`: gives the engine the images on the fourth disk.
 * - `steps <container> <hex of the body of an exec>`: starts that exec and ties it to the port for steps, as the engine
 *   frames it; a frame of the kind 9 says that it has ended.
 * - `identity` → machine id, host name, number of ssh host keys, random hex, epoch seconds
 * - `save <image id> <layers>` → number of bytes of an archive of that image without so many of its lowest layers, which then
 *   come on the port for data. The engine by itself packs all layers, which takes minutes in a machine without KVM.
 * - `sync` → after everything is on the disk
 * - `poweroff`
 *
 * A port of its own takes the word of the server's systemd to shut down: the first one belongs to the daemon.
 */
export const guestAgent = String.raw`use strict;
use warnings;
use IO::Socket::UNIX;
use Fcntl;

if (!(fork // die "fork: $!")) { wait_for_power(); exit 0; }

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
  return steps(@words) if $name eq 'steps';
  return identity() if $name eq 'identity';
  return save(@words) if $name eq 'save';
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

sub identity {
  sysopen(my $random, '/dev/urandom', O_RDONLY) or die "urandom: $!";
  sysread($random, my $bytes, 16) == 16 or die "urandom: $!";
  my @keys = glob '/etc/ssh/ssh_host_*';
  return join ' ', get('/etc/machine-id'), get('/proc/sys/kernel/hostname'), scalar(@keys), unpack('H*', $bytes), time;
}

sub steps {
  my ($container, $body) = @_;
  my ($id) = post("/containers/$container/exec", pack('H*', $body), 'close')->{rest}->() =~ /"Id":"([0-9a-f]+)"/ or die 'no exec was made';
  my $engine = post("/exec/$id/start", '{"Detach":false,"Tty":false}', "Upgrade\r\nUpgrade: tcp")->{socket};
  my $child = fork // die "fork: $!";
  return 'done' if $child;
  close($in);
  eval { pump($engine) };
  exit 0;
}

sub post {
  my ($path, $body, $connection) = @_;
  my $engine = IO::Socket::UNIX->new(Peer => '/run/docker.sock') or die "engine: $!";
  put_all($engine, "POST $path HTTP/1.1\r\nHost: engine\r\nConnection: $connection\r\nContent-Type: application/json\r\nContent-Length: " . length($body) . "\r\n\r\n$body");
  my $head = '';
  while ($head !~ /\r\n\r\n$/) { sysread($engine, $head, 1, length($head)) or die "engine: $head"; }
  my $rest = sub { my $all = ''; while (sysread($engine, $all, 65536, length($all))) {} return $all; };
  die "engine: $head" . $rest->() unless $head =~ m{^HTTP/1\.1 (101|200|201) };
  return { socket => $engine, rest => $rest };
}

# Until the exec ends. A port reads as ended while nobody on the server holds it.
sub pump {
  my ($engine) = @_;
  sysopen(my $port, '/dev/virtio-ports/org.redcontrol.step', O_RDWR) or die "port: $!";
  while (1) {
    my $ready = '';
    vec($ready, fileno($_), 1) = 1 for $port, $engine;
    select($ready, undef, undef, undef);
    if (vec($ready, fileno($engine), 1)) {
      my $read = sysread($engine, my $chunk, 65536);
      put_all($port, $read ? $chunk : pack('CxxxN', 9, 0));
      return unless $read;
    }
    if (vec($ready, fileno($port), 1)) {
      if (sysread($port, my $chunk, 65536)) { put_all($engine, $chunk); }
      else { select(undef, undef, undef, 0.02); }
    }
  }
}

${guestImageArchive}
sub wait_for_power {
  sysopen(my $power, '/dev/virtio-ports/org.redcontrol.power', O_RDWR) or return;
  while (1) {
    if (sysread($power, my $word, 64)) { exec 'systemctl', '--no-block', 'poweroff' if $word =~ /off/; }
    select(undef, undef, undef, 1);
  }
}

sub put_all {
  my ($to, $bytes) = @_;
  for (my $at = 0; $at < length($bytes); ) { $at += syswrite($to, $bytes, length($bytes) - $at, $at) // die "write: $!"; }
}

sub get {
  my ($path) = @_;
  open(my $file, '<', $path) or die "$path: $!";
  my $text = <$file>;
  chomp $text;
  return $text;
}

sub run { system(@_) == 0 or die "$_[0] failed"; }

sub put {
  my ($path, $text) = @_;
  open(my $file, '>', $path) or die "$path: $!";
  print $file $text;
  close($file) or die "$path: $!";
}
`;
