import { access, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ControlNotificationBody, ControlNotificationName, ServerAddress } from '@redcontrol/contract';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import { connectDaemon } from '@redcontrol/client/connect-daemon';
import { version } from '../version.ts';
import { createApplyJobs } from './apply/apply-jobs.ts';
import { openUsualTimes } from './apply/usual-times.ts';
import { watchConfigFiles } from './config/config-files.ts';
import { readPageFiles } from './http/page-files.ts';
import { serveHttp } from './http/serve-http.ts';
import { controlHandlers } from './methods/control-handlers.ts';
import { downloadLog } from './methods/download-log.ts';
import { createDrafts } from './projects/drafts.ts';
import { createHeldSecrets } from './projects/held-secrets.ts';
import { openProjectList } from './projects/project-list.ts';
import { servePages, type PageConnections } from './rpc/page-connections.ts';
import { createServerLinks } from './servers/server-links.ts';
import { followForShell, type ShellFollower, type ShellMessage } from './shell/shell-messages.ts';
import type { InstallParts, UiContext } from './ui-context.ts';

export interface StartUiOptions {
  /** Control's folder of this user; left out: redcontrol in the user's configuration folder. */
  folder?: string;
  /** Folder of the built page. */
  pageFolder?: string;
  port?: number;
  /** How a server's daemon is reached; left out: over SSH. */
  connect?: (address: ServerAddress, signal: AbortSignal) => Promise<DaemonClient>;
  install?: Partial<InstallParts>;
  /** Servers that are followed whatever the configurations name. */
  servers?: ServerAddress[];
  /** Configuration to open, besides those that were opened before. */
  project?: string;
  /** Told what a native window around the page shows besides it. */
  onShell?: (message: ShellMessage) => void;
  /** Ends by itself when no page was there for this long. */
  exitWithoutPageMs?: number;
}

export interface RunningUi {
  /** Address with the one-time token in its fragment, which never leaves the browser. */
  url: string;
  /** Another one, for a second window. */
  newUrl(): string;
  /** Resolves when it ended by itself or by `close`. */
  closed: Promise<void>;
  close(): Promise<void>;
}

/** Serves the page on loopback and does what it asks. Throws NOT_FOUND when the page was not built. */
export async function startUi(options: StartUiOptions = {}): Promise<RunningUi> {
  const folder = options.folder ?? configFolder();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const page = await readPageFiles(options.pageFolder ?? (await builtPage()));
  let pages: PageConnections | undefined;
  let shell: ShellFollower | undefined;
  const notify = <N extends ControlNotificationName>(name: N, body: ControlNotificationBody<N>) => {
    pages?.notify(name, body);
    if (name === 'server.state') shell?.onState(body as ControlNotificationBody<'server.state'>);
    if (name === 'daemon.event') shell?.onEvent(body as ControlNotificationBody<'daemon.event'>);
  };
  const context = await createContext(options, { folder, notify });
  const watches = watchConfigFiles((path) => {
    notify('config.changed', { path });
    void context.refresh();
  });
  const refresh = context.refresh;
  context.refresh = async () => {
    watches.watch(context.projects.paths());
    await refresh();
  };
  shell = options.onShell && followForShell(context.servers, options.onShell);
  await context.refresh();
  const http = await serveHttp({ page, download: (url, response) => downloadLog(context.servers, url, response), ...(options.port === undefined ? {} : { port: options.port }) });
  const { promise: closed, resolve: ended } = Promise.withResolvers<void>();
  const close = once(async () => {
    idle.stop();
    shell?.close();
    watches.close();
    pages?.close();
    http.server.close();
    http.server.closeAllConnections();
    await context.jobs.close();
    await context.servers.close();
    ended();
  });
  const idle = endWithoutPage(options.exitWithoutPageMs, () => void close());
  pages = servePages({ server: http.server, gate: http.gate, handlers: controlHandlers(context), onCount: idle.onCount });
  const newUrl = () => `http://127.0.0.1:${http.port}/#token=${http.gate.issueToken()}`;
  return { url: newUrl(), newUrl, closed, close };
}

async function createContext(options: StartUiOptions, { folder, notify }: Pick<UiContext, 'folder' | 'notify'>): Promise<UiContext> {
  const target = options.install?.target ?? ((address: ServerAddress) => address);
  const connect = options.connect ?? ((address: ServerAddress, signal: AbortSignal) => connectDaemon({ server: target(address), clientName: `redcontrol ui ${version}`, signal }));
  const projects = await openProjectList(folder);
  if (options.project !== undefined) await projects.open(options.project);
  const servers = createServerLinks({ connect, notify });
  return {
    folder, cacheFolder: join(folder, 'repositories'), servers, projects, notify,
    drafts: createDrafts(folder),
    secrets: createHeldSecrets(),
    jobs: createApplyJobs((job) => notify('apply.changed', job), await openUsualTimes(folder)),
    install: { target, wanted: options.install?.wanted },
    refresh: async () => servers.follow([...(options.servers ?? []).map((address) => ({ address, names: [] })), ...(await projects.servers())]),
  };
}

/** Counts pages; none for so long means that the window is gone. */
function endWithoutPage(afterMs: number | undefined, end: () => void): { onCount(count: number): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const start = () => {
    if (afterMs !== undefined) timer = setTimeout(end, afterMs);
  };
  start();
  return {
    onCount(count) {
      clearTimeout(timer);
      if (count === 0) start();
    },
    stop: () => clearTimeout(timer),
  };
}

/** The page beside the bundled program; in a checkout where it is built. */
async function builtPage(): Promise<string> {
  const beside = join(import.meta.dirname, 'page');
  const isBeside = await access(beside).then(() => true, () => false);
  return isBeside ? beside : join(import.meta.dirname, '../../../desktop/dist');
}

function configFolder(): string {
  const base = process.env.XDG_CONFIG_HOME || join(homedir(), '.config');
  return join(base, 'redcontrol');
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
