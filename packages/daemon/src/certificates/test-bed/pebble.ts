import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'node:net';
import { killTree, runOrThrow, runToEnd, spawnProcess } from '@redcontrol/system';
import { freePort } from '../../proxy/test-bed/proxy-world.ts';

const version = 'v2.10.1';
const module = 'github.com/letsencrypt/pebble/v2';
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'redcontrol-test', `pebble-${version}`);

/** A real ACME server, with a DNS server that knows the domains it is told. */
export interface Pebble {
  directoryUrl: string;
  caFile: string;
  dnsServers: string[];
  /** Gives domains the address 127.0.0.1. */
  lead(...domains: string[]): Promise<void>;
  output(): string;
  stop(): Promise<void>;
}

/** Whether Go is there to make Pebble with. */
export async function canRunPebble(): Promise<boolean> {
  return (await runToEnd('go', ['version']).catch(() => ({ exitCode: 1 }))).exitCode === 0;
}

export async function startPebble(options: { httpPort: number; validitySeconds: number }): Promise<Pebble> {
  await installPebble();
  const [listen, management, dns, dnsManagement] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const directory = await mkdtemp(join(tmpdir(), 'redcontrol-pebble-'));
  const config = join(directory, 'pebble.json');
  const [certificate, privateKey] = [join(directory, 'own.pem'), join(directory, 'own.key')];
  await runOrThrow('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=pebble', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', privateKey, '-out', certificate]);
  await writeFile(config, JSON.stringify({
    pebble: {
      listenAddress: `127.0.0.1:${listen}`, managementListenAddress: `127.0.0.1:${management}`, certificate, privateKey, httpPort: options.httpPort, tlsPort: 1,
      externalAccountBindingRequired: false, retryAfter: { authz: 1, order: 1 }, profiles: { default: { description: 'test', validityPeriod: options.validitySeconds } },
    },
  }));
  const children = [
    spawnProcess(join(cache, 'pebble-challtestsrv'), ['-http01', '', '-https01', '', '-tlsalpn01', '', '-doh', '', '-dnsserver', `127.0.0.1:${dns}`, '-management', `127.0.0.1:${dnsManagement}`, '-defaultIPv4', '', '-defaultIPv6', '']),
    spawnProcess(join(cache, 'pebble'), ['-config', config, '-dnsserver', `127.0.0.1:${dns}`, '-strict'], { variables: { PEBBLE_VA_NOSLEEP: '1' } }),
  ];
  let said = '';
  for (const child of children) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-200_000);
    });
  }
  try {
    for (const port of [listen, management, dnsManagement]) await answers(port);
  } catch (error) {
    for (const child of children) killTree(child);
    throw new Error(`Expected Pebble to start, got ${said.slice(-2000)}`, { cause: error });
  }
  return {
    directoryUrl: `https://127.0.0.1:${listen}/dir`, caFile: certificate, dnsServers: [`127.0.0.1:${dns}`],
    async lead(...domains) {
      for (const domain of domains) {
        const answer = await fetch(`http://127.0.0.1:${dnsManagement}/add-a`, { method: 'POST', body: JSON.stringify({ host: `${domain}.`, addresses: ['127.0.0.1'] }) });
        if (!answer.ok) throw new Error(`Expected the DNS server to take ${domain}, got ${answer.status}`);
      }
    },
    output: () => said,
    async stop() {
      for (const child of children) killTree(child);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Makes both programs once; they stay in the user's cache. */
async function installPebble(): Promise<void> {
  await mkdir(cache, { recursive: true });
  for (const program of ['pebble', 'pebble-challtestsrv']) {
    if (await stat(join(cache, program)).catch(() => undefined)) continue;
    await runOrThrow('go', ['install', `${module}/cmd/${program}@${version}`], { variables: { GOBIN: cache, GOFLAGS: '' }, timeoutMs: 300_000 });
  }
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    if (tries > 200) throw new Error(`Expected a listener on port ${port}`);
    await delay(50);
  }
}
