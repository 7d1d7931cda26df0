import type { ControlNotificationBody, ProjectState, RedControlEvent, ServerLink } from '@redcontrol/contract';
import type { ServerLinks } from '../servers/server-links.ts';
import { eventWords } from './event-words.ts';

/** One line of JSON each on standard output, for the native window around the page. */
export type ShellMessage =
  | { kind: 'ready'; url: string }
  /** What the tray shows: the worst state as its tone, and a line a project's environment. */
  | { kind: 'tray'; tone: TrayTone; lines: { text: string; path: string }[] }
  | { kind: 'notify'; title: string; body: string; path: string };

export type TrayTone = 'ok' | 'busy' | 'bad' | 'idle';

const maxLines = 20;
const gatherMs = 300;

export interface ShellFollower {
  onState(link: ServerLink): void;
  onEvent(event: ControlNotificationBody<'daemon.event'>): void;
  close(): void;
}

/** Tells the window around the page what its tray and notifications show. */
export function followForShell(servers: Pick<ServerLinks, 'list' | 'get'>, tell: (message: ShellMessage) => void): ShellFollower {
  let timer: NodeJS.Timeout | undefined;
  let last = '';
  const refresh = async () => {
    const lines = (await Promise.all(servers.list().map((link) => linesOf(link, servers)))).flat();
    const tone = (['bad', 'busy', 'ok'] as const).find((wanted) => lines.some((line) => line.tone === wanted)) ?? 'idle';
    const message: ShellMessage = { kind: 'tray', tone, lines: lines.slice(0, maxLines).map(({ text, path }) => ({ text, path })) };
    if (JSON.stringify(message) === last) return;
    last = JSON.stringify(message);
    tell(message);
  };
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void refresh().catch(() => {});
    }, gatherMs);
  };
  return {
    onState: soon,
    onEvent({ server, event }) {
      soon();
      const words = eventWords(event.kind);
      if (words) tell(notification(server, event, words));
    },
    close: () => clearTimeout(timer),
  };
}

interface TrayLine {
  tone: TrayTone;
  text: string;
  path: string;
}

async function linesOf(link: ServerLink, servers: Pick<ServerLinks, 'get'>): Promise<TrayLine[]> {
  const page = `/servers/${encodeURIComponent(link.id)}`;
  if (link.state === 'unreachable' || link.state === 'refused') return [{ tone: 'bad', text: `✗ ${link.names[0] ?? link.host}`, path: page }];
  if (link.state !== 'reachable') return [];
  const { result } = await servers.get(link.id).call('project.list', {});
  return result.flatMap((project) => project.environments.map((environment) => lineOf(project, environment, page)));
}

const signs: Record<ProjectState['environments'][number]['health'], [TrayTone, string]> = { up: ['ok', '✓'], down: ['bad', '✗'], deploying: ['busy', '…'], never: ['idle', '·'], stopped: ['idle', '‖'] };

function lineOf({ name }: ProjectState, environment: ProjectState['environments'][number], page: string): TrayLine {
  const [tone, sign] = signs[environment.health];
  const version = environment.live ? `  #${environment.live.number} ${environment.live.ref.slice(0, 40)}` : '';
  return { tone, text: `${sign} ${name} / ${environment.name}${version}`, path: `${page}/${name}/${environment.name}` };
}

function notification(server: string, event: RedControlEvent, words: string): ShellMessage {
  const page = `/servers/${encodeURIComponent(server)}/${event.project}`;
  const title = event.environment === null ? event.project : `${event.project} / ${event.environment}`;
  return { kind: 'notify', title: `${title}: ${words}`, body: event.text.slice(0, 300), path: event.runId === null ? page : `${page}/runs/${event.runId}` };
}
