import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WantedInstall } from '../../packages/control/src/install/operation.ts';

/** How the bundle behaves as `serve`: answers, dies at once, or changes the state's schema and then dies or lives without answering. */
export type BundleBehaviour = 'answers' | 'dies' | 'migrates-and-dies' | 'migrates-and-hangs';

/** Writes a small daemon that speaks just enough of the protocol to be installed: hello, over the real socket. */
export async function writeTestBundle(folder: string, version: string, behaviour: BundleBehaviour = 'answers'): Promise<WantedInstall> {
  const text = `// Test daemon ${version} (${behaviour}).
import { chmodSync, chownSync, readFileSync, rmSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
const socketPath = '/run/redcontrol/daemon.sock';
const [command, ...rest] = process.argv.slice(2);
if (command === 'version') console.log('${version}');
if (command === 'connect') {
  const socket = connect(socketPath);
  process.stdin.pipe(socket).pipe(process.stdout);
  socket.on('error', () => process.exit(1));
  socket.on('close', () => process.exit(0));
}
if (command === 'serve') {
  const database = new DatabaseSync('/var/lib/redcontrol/state.db');
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS starts (version TEXT)');
  if ('${behaviour}' === 'migrates-and-dies') { database.exec('PRAGMA user_version = 99'); process.exit(3); }
  if ('${behaviour}' === 'migrates-and-hangs') database.exec('PRAGMA user_version = 99');
  else if (database.prepare('PRAGMA user_version').get().user_version === 99) process.exit(4);
  database.prepare('INSERT INTO starts VALUES (?)').run('${version}');
  if ('${behaviour}' === 'dies') process.exit(3);
  if ('${behaviour}' === 'migrates-and-hangs') setInterval(() => {}, 1000);
  else {
    rmSync(socketPath, { force: true });
    const server = createServer((socket) => {
      let said = '';
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        said += chunk;
        if (!said.includes('"method":"hello"')) return;
        const body = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { contractVersion: 1, daemonVersion: '${version}', name: 'test', role: 'admin', projects: [] } });
        socket.write('Content-Length: ' + Buffer.byteLength(body) + '\\r\\n\\r\\n' + body);
        said = '';
      });
    });
    server.listen(socketPath, () => {
      const group = readFileSync('/etc/group', 'utf8').split('\\n').find((line) => line.startsWith('redcontrol:')).split(':')[2];
      chownSync(socketPath, 0, Number(group));
      chmodSync(socketPath, 0o660);
    });
    process.on('SIGTERM', () => process.exit(0));
  }
}
`;
  const path = join(folder, `daemon-${version}-${behaviour}.mjs`);
  await writeFile(path, text);
  return { daemon: { path, version, sha256: createHash('sha256').update(text).digest('hex') }, nodeVersion: process.versions.node };
}
