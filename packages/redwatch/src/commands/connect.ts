import { resolve } from 'node:path';
import type { Command } from 'commander';
import { isInvitation, parseInvitation, RedControlError, type Invitation } from '@redcontrol/contract';
import type { FirstContact } from '@redcontrol/client/host-key';
import { knownHostKeys } from '@redcontrol/client/known-host-keys';
import type { CommandContext } from '../cli/command-context.ts';
import type { Bind } from '../program.ts';
import { readRepository } from '../repository/read-repository.ts';
import { accessRequest } from '../servers/access-request.ts';
import { openServer, sshTarget } from '../servers/open-server.ts';
import { parseAddress } from '../servers/parse-address.ts';
import { writeSettings, type WatchedServer } from '../settings/settings.ts';

interface ConnectOptions { name?: string; identity?: string; sshConfig?: string; socket?: string; acceptHostKey?: string }

export function defineConnect(program: Command, bind: Bind): void {
  program.command('connect')
    .description('connect a server; your SSH key is who you are')
    .argument('<where>', 'the invitation that an admin gave you, or USER@SERVER, e.g. redcontrol@server.example.com:22')
    .option('-n, --name <name>', 'what to call the server (default: its host)')
    .option('-i, --identity <file>', 'private key for SSH')
    .option('--ssh-config <file>', 'OpenSSH configuration file, as ssh -F')
    .option('--socket <path>', 'unix socket of a daemon on this machine, instead of SSH')
    .option('--accept-host-key <fingerprint>', 'host key (SHA256:…) to trust at the first contact')
    .action(bind(connect));
  program.command('disconnect')
    .description('forget a server')
    .argument('<name>', 'name of the server')
    .action(bind(disconnect));
}

async function connect(context: CommandContext, address: string, options: ConnectOptions): Promise<void> {
  const invitation = isInvitation(address) ? parseInvitation(address) : undefined;
  const { user, host, port } = invitation ?? parseAddress(address);
  const absolute = (path: string) => resolve(context.cli.folder, path);
  const server: WatchedServer = {
    name: options.name ?? host, user, host, port,
    ...(options.identity ? { identityFile: absolute(options.identity) } : {}),
    ...(options.sshConfig ? { sshConfig: absolute(options.sshConfig) } : {}),
    ...(options.socket ? { socket: absolute(options.socket) } : {}),
  };
  if (invitation) await expectInvitedHost(server, invitation, context.signal);
  const client = await openServer(server, { signal: context.signal, firstContact: invitation ? { accept: invitation.fingerprint } : firstContact(context, options) }).catch(async (thrown: unknown) => {
    if (thrown instanceof RedControlError && thrown.code === 'SSH_DENIED') await tellHowToGetAccess(context, server);
    throw thrown;
  });
  try {
    const others = context.settings.servers.filter(({ name }) => name !== server.name);
    await writeSettings(context.places.settings, { ...context.settings, servers: [...others, server] });
    const { name, role, projects, daemonVersion } = client.hello;
    if (context.global.json) return context.printJson({ server: server.name, name, role, projects, daemonVersion });
    context.print(context.words.connected({ server: server.name, name, role }));
    if (invitation && role !== 'admin' && !projects.includes(invitation.project)) context.note(context.words.notInProject({ server: server.name, project: invitation.project }));
  } finally {
    await client.close();
  }
}

/** A server that is known here already must be the one of the invitation. Throws SSH_HOST_KEY. */
async function expectInvitedHost(server: WatchedServer, { host, fingerprint }: Invitation, signal: AbortSignal): Promise<void> {
  if (server.socket !== undefined) return;
  const { keys } = await knownHostKeys(sshTarget(server), signal);
  if (keys.length === 0 || keys.some((key) => key.fingerprint === fingerprint)) return;
  // An older server of this name may be known by another kind of key only; nobody but the admin can tell.
  throw new RedControlError('SSH_HOST_KEY', `Expected the host key ${fingerprint} of the invitation, ${host} is known here with ${keys.map((key) => key.fingerprint).join(', ')}`, { hint: 'Ask the admin which is right before you go on.' });
}

async function tellHowToGetAccess(context: CommandContext, server: WatchedServer): Promise<void> {
  const repository = await readRepository(context.cli.folder, context.signal);
  const line = await accessRequest({ identityFile: server.identityFile, name: repository?.userName, variables: context.cli.variables });
  if (line === undefined) return context.note(context.words.noKey(server.name));
  context.note(context.words.noAccess(server.name));
  context.print(line);
}

async function disconnect(context: CommandContext, name: string): Promise<void> {
  const servers = context.settings.servers.filter((server) => server.name !== name);
  if (servers.length === context.settings.servers.length) throw new RedControlError('NOT_FOUND', `Expected a connected server, got ${name}`, { hint: `There are: ${servers.map((server) => server.name).join(', ') || 'none'}.` });
  await writeSettings(context.places.settings, { ...context.settings, servers });
}

function firstContact({ cli, note, signal }: CommandContext, { acceptHostKey }: ConnectOptions): FirstContact {
  if (acceptHostKey !== undefined) return { accept: acceptHostKey };
  if (!cli.stdin.isTTY || !cli.stderr.isTTY) return {};
  return {
    async ask({ host, port, keys }) {
      note(`${host}:${port}`);
      for (const { type, fingerprint } of keys) note(`  ${fingerprint} (${type})`);
      const { createInterface } = await import('node:readline/promises');
      const terminal = createInterface({ input: cli.stdin, output: cli.stderr });
      try {
        return /^(y|yes|\u0434|\u0434\u0430)$/i.test((await terminal.question('Are these the keys that the server\'s admin gave you? [y/N] ', { signal })).trim());
      } finally {
        terminal.close();
      }
    },
  };
}
