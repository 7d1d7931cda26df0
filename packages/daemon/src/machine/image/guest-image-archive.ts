/**
 * The guest's part of `takeImage`, in Perl, within its agent: packs an image from what the engine keeps of it. Depends on how
 * the engine lays its images out below /var/lib/docker with the storage driver overlay2, and on tar-split's file of each layer.
 * Of the agent it takes `$in`, which its child lets go of, and `put_all`.
 */
export const guestImageArchive = String.raw`# As 'docker save' writes it. The engine keeps of each layer all that is not content of a file, to make the same bytes again.
sub save {
  my ($id, $known) = @_;
  my $store = '/var/lib/docker/image/overlay2';
  my $config = all_of("$store/imagedb/content/sha256/$id");
  my ($list) = $config =~ /"diff_ids":\s*\[([^\]]*)\]/ or die 'an image without layers';
  my @layers = $list =~ /"sha256:([0-9a-f]{64})"/g;
  my %places;
  for my $place (glob "$store/layerdb/sha256/*") {
    my $parent = -e "$place/parent" ? all_of("$place/parent") : '';
    $places{"$parent " . all_of("$place/diff")} = $place;
  }
  my $file = '/var/lib/docker/tmp/redcontrol-save';
  open(my $out, '+>:raw', $file) or die "$file: $!";
  add_entry($out, "$id.json", sub { print $out $config });
  add_entry($out, 'manifest.json', sub { print $out '[{"Config":"' . $id . '.json","RepoTags":null,"Layers":[' . join(',', map { qq{"$_.tar"} } @layers) . ']}]' });
  my $chain = '';
  for my $index (0 .. $#layers) {
    my $place = $places{"$chain sha256:$layers[$index]"} or die "no layer $layers[$index]";
    $chain = 'sha256:' . substr($place, rindex($place, '/') + 1);
    add_entry($out, "$layers[$index].tar", sub { put_layer($out, $place) }) if $index >= $known;
  }
  print $out "\0" x 1024;
  my $bytes = tell $out;
  seek($out, 0, 0) or die "seek: $!";
  my $child = fork // die "fork: $!";
  if (!$child) {
    close($in);
    sysopen(my $data, '/dev/virtio-ports/org.redcontrol.data', O_RDWR) or exit 1;
    my $chunk;
    while (sysread($out, $chunk, 1048576)) { put_all($data, $chunk); }
    exit 0;
  }
  unlink $file;
  return $bytes;
}

sub add_entry {
  my ($out, $name, $put) = @_;
  my $start = tell $out;
  print $out "\0" x 512;
  $put->();
  my $end = tell $out;
  print $out "\0" x (-$end % 512);
  my $head = pack('a100a8a8a8a12a12A8a1a100a6a2x247', $name, '0000600', '0000000', '0000000', sprintf('%011o', $end - $start - 512), '00000000000', '', '0', '', "ustar\0", '00');
  substr($head, 148, 8) = sprintf("%06o\0 ", unpack('%32C*', $head));
  my $after = tell $out;
  seek($out, $start, 0) or die "seek: $!";
  print $out $head;
  seek($out, $after, 0) or die "seek: $!";
}

sub put_layer {
  my ($out, $place) = @_;
  my $content = '/var/lib/docker/overlay2/' . all_of("$place/cache-id") . '/diff';
  open(my $split, '-|', 'gzip', '-dc', "$place/tar-split.json.gz") or die "gzip: $!";
  while (my $line = <$split>) {
    if ($line =~ /^\{"type":2,.*?"payload":(?:"([^"]*)"|null)/) { print $out base64($1) if defined $1; next; }
    $line =~ /^\{"type":1,/ or die 'a layer of another kind';
    my ($size) = $line =~ /"size":(\d+)/ or next;
    my $name = $line =~ /"name_raw":"([^"]*)"/ ? base64($1) : $line =~ /"name":"((?:[^"\\]|\\.)*)"/ ? plain($1) : die 'a file without a name';
    open(my $from, '<:raw', "$content/$name") or die "$name: $!";
    while ($size > 0) {
      my $read = sysread($from, my $chunk, $size < 1048576 ? $size : 1048576) or die "$name is too short";
      print $out $chunk;
      $size -= $read;
    }
  }
  close($split) or die 'gzip failed';
}

sub base64 {
  my ($text) = @_;
  $text =~ tr{A-Za-z0-9+/}{}cd;
  $text =~ tr{A-Za-z0-9+/}{ -_};
  my $bytes = '';
  while ($text =~ /(.{1,60})/g) { $bytes .= unpack('u', chr(32 + length($1) * 3 / 4) . $1); }
  return $bytes;
}

# A text in JSON, as bytes of UTF-8.
sub plain {
  my ($text) = @_;
  my %short = (n => "\n", t => "\t", r => "\r", b => "\b", f => "\f");
  $text =~ s{\\(?:u([0-9a-fA-F]{4})|(.))}{if (defined $1) { my $one = chr(hex $1); utf8::encode($one); $one } else { $short{$2} // $2 }}ge;
  return $text;
}

sub all_of {
  my ($path) = @_;
  open(my $file, '<:raw', $path) or die "$path: $!";
  local $/;
  return <$file>;
}
`;
