/** A web app of a few MB: Perl, because each base image has it. Its Dockerfile is the repository's own. */
export const smallApp = {
  Dockerfile: 'ARG RUNTIME\nFROM ${RUNTIME}\nWORKDIR /app\nCOPY server.pl ./\nUSER 10001:10001\nCMD ["perl", "server.pl"]\n',
  'server.pl': `use IO::Socket::INET;
$SIG{TERM} = sub { exit 0 };
my $server = IO::Socket::INET->new(LocalPort => $ENV{PORT}, Listen => 5, ReuseAddr => 1) or die $!;
while (my $client = $server->accept) {
    my $request = <$client>;
    print $client "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nok";
    close $client;
}
`,
};
