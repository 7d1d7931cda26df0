import { RedControlError } from '@redcontrol/contract';
import { plainLine } from './plain-line.ts';
import type { Remote } from './remote-url.ts';

interface Case {
  /** What git, ssh, curl or a forge says. */
  said: RegExp;
  hint(context: { remote: Remote; deployKey: string | undefined; knownHosts: string }): string;
}

const addKey: Case['hint'] = ({ remote, deployKey }) => {
  if (remote.transport !== 'ssh') return 'Check the repository\'s address, and that the token in it may read the repository.';
  return deployKey === undefined
    ? 'Add the project\'s deploy key to the repository, with read access.'
    : `Add this deploy key to the repository, with read access: ${deployKey}`;
};

/** The first that fits is taken: the sure ones stand before the general ones. */
const cases: Case[] = [
  { said: /REMOTE HOST IDENTIFICATION HAS CHANGED/, hint: ({ remote, knownHosts }) => `The host key of ${remote.host} is not the one seen before. If that is right, remove its line from ${knownHosts} on the server.` },
  { said: /Host key verification failed/, hint: ({ knownHosts }) => `The host's key is not accepted; see ${knownHosts} on the server.` },
  { said: /Permission denied \(|Too many authentication failures/, hint: addKey },
  { said: /could not read Username|could not read Password|Authentication failed|The requested URL returned error: 40[13]/, hint: () => 'The repository asks for a login. Use its SSH address with the deploy key, or put a token with read access into the https address.' },
  { said: /Could not resolve host|Temporary failure in name resolution|Name or service not known/i, hint: ({ remote }) => `The server does not know the host ${remote.host}. Check the address and the server's DNS.` },
  { said: /SSL certificate problem|certificate verification failed|certificate verify failed|self.signed certificate/i, hint: () => 'The server does not trust the host\'s certificate. Add its CA to /usr/local/share/ca-certificates and run update-ca-certificates.' },
  { said: /Connection refused|Connection timed out|No route to host|Network is unreachable|Operation timed out|Failed to connect|Connection reset|Connection closed by|Operation too slow/i, hint: ({ remote }) => `The server cannot connect to ${remote.host}. Check the address, the port and the firewall.` },
  { said: /[Rr]epository .*not found|not found|does not appear to be a git repository|does not exist|No such file or directory|returned error: 404|access denied or repository not exported/, hint: (context) => (context.remote.transport === 'file' ? 'Check the path: there is no git repository.' : `There is no such repository, or it may not be read. ${addKey(context)}`) },
  { said: /transport '.*' not allowed/, hint: () => 'Use an https, ssh or file address.' },
  { said: /RPC failed|early EOF|unexpected disconnect|hung up unexpectedly|transfer closed|invalid index-pack output/, hint: ({ remote }) => `The connection to ${remote.host} broke off in the middle. It is tried again by itself.` },
];

const fallbackHint = 'Try `git ls-remote` with this address by hand.';

/** Turns what git said about a remote into one error with the hint that fits. */
export function unreachable(stderr: string, context: { remote: Remote; deployKey: string | undefined; knownHosts: string }): RedControlError {
  if (/No space left on device|Disk quota exceeded/.test(stderr)) {
    return new RedControlError('DISK_FULL', 'Expected room on the disk for the repository, got none', { hint: 'Free disk space on the server, then try again.' });
  }
  const matched = cases.find(({ said }) => said.test(stderr));
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !/^(Warning: Permanently added|@+|hint:)/.test(line));
  const line = (matched && lines.find((candidate) => matched.said.test(candidate))) ?? lines[0] ?? 'no answer';
  return new RedControlError('REPOSITORY_UNREACHABLE', `Expected to reach ${context.remote.url}, got "${plainLine(line)}"`, {
    hint: matched?.hint(context) ?? fallbackHint,
  });
}
