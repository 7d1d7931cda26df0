import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startBus } from '../../redwatch/test/session-bus-of-test.ts';
import { startTrayHost, type TrayHost } from './tray-host.ts';
import { killTree, runOrThrow, runToEnd, spawnProcess } from '@redcontrol/system';

const desktop = join(import.meta.dirname, '..');
const program = join(desktop, '..', 'control', 'src', 'main.ts');

/** The built window; REDCONTROL_WINDOW names another. */
export const windowBinary = process.env.REDCONTROL_WINDOW ?? join(process.env.CARGO_TARGET_DIR ?? join(desktop, 'shell', 'target'), 'debug', 'redcontrol-desktop');

/** Why the window cannot be built or driven on this machine (scripts/window-packages.sh); undefined when it can. */
export async function missingForWindow(): Promise<string | undefined> {
  for (const path of ['/usr/bin/WebKitWebDriver', '/usr/bin/Xvfb', '/usr/bin/dbus-daemon']) {
    if (!(await access(path).then(() => true, () => false))) return `${path} is not there`;
  }
  if (process.env.REDCONTROL_WINDOW !== undefined) return undefined;
  const { exitCode } = await runToEnd('sh', ['-c', 'cargo --version && pkg-config --exists webkit2gtk-4.1']).catch(() => ({ exitCode: 1 }));
  return exitCode === 0 ? undefined : 'cargo or WebKitGTK\'s development files are not there';
}

/** Builds the window as this checkout has it: minutes the first time, a second when nothing changed. */
export async function buildWindow(): Promise<void> {
  if (process.env.REDCONTROL_WINDOW === undefined) await runOrThrow('sh', [join(desktop, '..', '..', 'scripts', 'build-window.sh')], { timeoutMs: 20 * 60_000 });
}

export interface DrivenWindow {
  /** Runs the body of a function in the page. */
  evaluate<T>(body: string): Promise<T>;
  /** Waits until the body gives something true. Throws after 20 seconds, with the page's text. */
  until(body: string): Promise<void>;
  /** Process ids: of the window, and of control, which it started. */
  processes(): Promise<{ window: number; control: number | undefined }>;
  screenshot(): Promise<Buffer>;
  /** The desktop's part that shows its tray icon. */
  tray: TrayHost;
  close(): Promise<void>;
}

export interface WindowOptions { variables?: Record<string, string>; args?: string[]; display: number; port: number }

/** Starts the window on a screen and a session bus of its own, with a tray, driven by WebDriver as any web page. */
export async function startWindow(folder: string, options: WindowOptions): Promise<DrivenWindow> {
  const { display, port } = options;
  await mkdir(folder, { recursive: true });
  const bus = await startBus();
  const tray = await startTrayHost(bus.address);
  const variables = {
    DISPLAY: `:${display}`, DBUS_SESSION_BUS_ADDRESS: bus.address, HOME: folder, XDG_CONFIG_HOME: join(folder, 'config'), XDG_DATA_HOME: join(folder, 'data'), XDG_CACHE_HOME: join(folder, 'cache'), LIBGL_ALWAYS_SOFTWARE: '1', TAURI_AUTOMATION: 'true', TAURI_WEBVIEW_AUTOMATION: 'true',
    REDCONTROL_NODE: process.execPath, REDCONTROL_PROGRAM: program, ...options.variables,
  };
  const screen = spawnProcess('Xvfb', [`:${display}`, '-screen', '0', '1280x820x24', '-nolisten', 'tcp'], { stdout: 'ignore', stderr: 'ignore' });
  const driver = spawnProcess('/usr/bin/WebKitWebDriver', [`--port=${port}`], { variables, cwd: folder, stdout: 'ignore', stderr: 'ignore' });
  const call = caller(`http://127.0.0.1:${port}`);
  const stop = async () => {
    tray.close();
    killTree(driver, 'SIGTERM');
    killTree(screen, 'SIGTERM');
    await bus.stop();
  };
  try {
    const { sessionId } = await retried(() => call<{ sessionId: string }>('POST', '/session', { capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary: windowBinary, args: options.args ?? [] } } } }));
    const session = `/session/${sessionId}`;
    const evaluate = <T>(body: string) => call<T>('POST', `${session}/execute/sync`, { script: body, args: [] });
    return {
      evaluate,
      async until(body) {
        const endMs = performance.now() + 20_000;
        while (!(await evaluate<boolean>(body).catch(() => false))) {
          if (performance.now() > endMs) throw new Error(`Expected ${body}, got a page that says: ${await evaluate<string>('return location.href + " " + document.body.innerText.slice(0, 500)').catch(String)}`);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      },
      processes: () => findProcesses(folder),
      screenshot: async () => Buffer.from(await call<string>('GET', `${session}/screenshot`), 'base64'),
      async close() {
        await call('DELETE', session).catch(() => {});
        await stop();
      },
      tray,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function caller(origin: string) {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${origin}${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
    if (!response.ok) throw new Error(`Expected ${method} ${path} to be answered, got ${value.error}: ${value.message}`);
    return value;
  };
}

async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt > 50 || !String((error as Error).cause ?? '').includes('ECONNREFUSED')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** The window of this test, known by its folder, and its child. */
async function findProcesses(folder: string): Promise<{ window: number; control: number | undefined }> {
  const { stdout } = await runToEnd('ps', ['-eo', 'pid=,ppid=,args=']);
  const all = stdout.split('\n').map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)).filter((match) => match !== null).map(([, pid, parent, args = '']) => ({ pid: Number(pid), parent: Number(parent), args }));
  for (const { pid, args } of all) {
    if (!args.startsWith(windowBinary)) continue;
    const { stdout: own } = await runToEnd('sh', ['-c', `tr '\\0' '\\n' < /proc/${pid}/environ`]);
    if (!own.includes(`HOME=${folder}\n`)) continue;
    return { window: pid, control: all.find((one) => one.parent === pid && /main\.ts (ui|tray) /.test(one.args))?.pid };
  }
  throw new Error('Expected the window to run, it does not');
}

/** Waits until a process has ended. */
export async function gone(pid: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Expected process ${pid} to be gone, it runs`);
}
