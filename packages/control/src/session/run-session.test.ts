import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startTestDaemon, type TestCall } from '@redcontrol/client/test-daemon';
import { runToEnd } from '@redcontrol/system';
import { projectState } from '../commands/test-records.ts';

const program = join(import.meta.dirname, '../main.ts');

/** A daemon whose program ends with 7 at `exit`, and says what it is given. */
async function shop(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'redcontrol-session-'));
  t.after(() => rm(folder, { recursive: true }));
  const given: Buffer[] = [];
  let ended = (_code: number) => {};
  let call: TestCall | undefined;
  const say = (session: string, text: string, stream: 'stdout' | 'stderr' = 'stdout') => call?.notify('app-output', { session, stream, data: Buffer.from(text).toString('base64') });
  const socket = join(folder, 'd.sock');
  const daemon = await startTestDaemon(socket, {
    'project.list': () => [projectState()],
    'app.exec': async ({ session, terminal }, exec) => {
      call = exec;
      say(session, terminal ? `size ${terminal.columns}x${terminal.rows}\r\n` : 'no terminal\n');
      return { exitCode: await new Promise<number>((resolve) => (ended = resolve)) };
    },
    'app.input': ({ session, data, end }) => {
      const bytes = Buffer.from(data, 'base64');
      given.push(bytes);
      say(session, `given ${bytes.toString('hex')}\r\n`);
      if (end || Buffer.concat(given).includes('exit')) {
        say(session, 'the end\n', 'stderr');
        ended(7);
      }
      return {};
    },
    'app.resize': ({ session, columns, rows }) => {
      say(session, `now ${columns}x${rows}\r\n`);
      return {};
    },
  });
  t.after(() => daemon.close());
  return { given, calls: daemon.calls, args: [program, '--socket', socket, 'app'] };
}

/** Runs a program on a terminal that the kernel makes, types into it and changes its size; python's pty makes it. */
const typist = `
import os, pty, sys, time, select, struct, fcntl, termios
pid, fd = pty.fork()
if pid == 0: os.execvp(sys.argv[1], sys.argv[1:])
seen = b''
def size(rows, columns): fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
def wait(text):
    global seen
    end = time.time() + 30
    while text not in seen:
        if time.time() > end: sys.stdout.write(repr(seen)); sys.exit(99)
        if select.select([fd], [], [], 0.1)[0]: seen += os.read(fd, 4096)
size(30, 100)
wait(b'size ')
size(41, 123); wait(b'now 123x41')
os.write(fd, b'\\x03'); wait(b'given 03')
os.write(fd, b'\\x1b[A\\t'); wait(b'given 1b5b4109')
os.write(fd, b'exit\\r')
try:
    while True: seen += os.read(fd, 4096)
except OSError: pass
_, status = os.waitpid(pid, 0)
sys.stdout.write(seen.decode('utf8', 'replace'))
sys.exit(os.waitstatus_to_exitcode(status))
`;

test('on a terminal every key goes to the program, Ctrl-C too, the size follows, and the exit code comes back', async (t) => {
  const { given, calls, args } = await shop(t);
  const ended = await runToEnd('python3', ['-c', typist, process.execPath, ...args, 'shell', '-e', 'production'], { timeoutMs: 60_000 });
  assert.equal(ended.exitCode, 7, ended.stdout);
  assert.equal(Buffer.concat(given).toString('latin1'), '\u0003\u001b[A\texit\r');
  const exec = calls.find(({ method }) => method === 'app.exec')?.params as { process?: string; command?: string[]; terminal?: object };
  assert.deepEqual([exec.process, exec.command, typeof exec.terminal], ['web', undefined, 'object']);
});

test('without a terminal the streams stay apart, and the end of the input is told', async (t) => {
  const { given, calls, args } = await shop(t);
  const ended = await runToEnd(process.execPath, [...args, 'exec', '-e', 'production', '-p', 'worker', '--', 'sort', '-r'], { input: 'one\ntwo\n', timeoutMs: 60_000 });
  assert.deepEqual([ended.exitCode, ended.stdout.split('\n')[0]], [7, 'no terminal']);
  assert.match(ended.stderr, /the end\n/);
  assert.equal(Buffer.concat(given).toString(), 'one\ntwo\n');
  const exec = calls.find(({ method }) => method === 'app.exec')?.params as { process: string; command: string[] };
  assert.deepEqual([exec.process, exec.command], ['worker', ['sort', '-r']]);
});
