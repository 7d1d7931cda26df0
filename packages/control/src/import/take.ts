import { name as nameSchema, type DatabaseEngine } from '@redcontrol/contract';

/** A process as another tool's file describes it. */
export interface TakenProcess {
  /** Where it is first named. */
  file: string;
  line: number;
  run?: string;
  instances?: number;
  memory?: string;
  cpus?: number;
  port?: number;
  health?: { path: string };
  stopSignal?: string;
  stopTime?: string;
  variables?: Record<string, string>;
}

/** Something that has no counterpart here, or that was not to be understood. */
export interface LeftOver {
  file: string;
  /** From 1. */
  line: number;
  what: string;
  why: string;
}

/** What was taken over out of one file, or of several together. */
export interface Take {
  file: string;
  project?: string;
  host?: string;
  user?: string;
  port?: number;
  /** Folder of the app, relative to the file's. */
  root?: string;
  /** The app is built from the repository's own Dockerfile. */
  ownDockerfile?: true;
  dockerfile?: string;
  buildArguments: Map<string, string>;
  buildSecrets: Set<string>;
  domains: string[];
  https?: 'off';
  processes: Map<string, TakenProcess>;
  variables: Map<string, string>;
  secrets: Set<string>;
  database?: { engine: DatabaseEngine; version?: string };
  redis?: { version?: string };
  /** Name to the path in the container. */
  volumes: Map<string, string>;
  jobs: Map<string, { cron: string; run: string }>;
  migrate?: { run: string; file: string; line: number };
  keepReleases?: number;
  left: LeftOver[];
}

/** Lines about one file; what goes beyond is counted in the last of them. */
const maxLeft = 300;

export function newTake(file: string): Take {
  return {
    file, buildArguments: new Map(), buildSecrets: new Set(), domains: [], processes: new Map(), variables: new Map(), secrets: new Set(), volumes: new Map(), jobs: new Map(), left: [],
  };
}

/** Notes what is not taken over, on one line, and once for what several parts share by an anchor. */
export function leave(take: Take, line: number, what: string, why: string): void {
  if (take.left.length > maxLeft || take.left.some((one) => one.file === take.file && one.line === line && one.what === oneLine(what))) return;
  take.left.push(take.left.length === maxLeft ? { file: take.file, line, what: 'all from here', why: `more than ${maxLeft} lines would not be read` } : { file: take.file, line, what: oneLine(what), why });
}

/** The process of a name, added where it is new; undefined, and noted, where no name can be made of it. */
export function takeProcess(take: Take, written: string, line: number): TakenProcess | undefined {
  const name = takenName(take, written, line);
  if (name === undefined) return undefined;
  const known = take.processes.get(name);
  if (known) return known;
  const added: TakenProcess = { file: take.file, line };
  take.processes.set(name, added);
  return added;
}

/** A name as the configuration allows it: `sidekiq_mail` becomes `sidekiq-mail`, and that is noted. */
export function takenName(take: Take, written: string, line: number): string | undefined {
  const name = written.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^[^a-z]+|-+$/g, '').slice(0, 40).replace(/-+$/, '');
  if (!nameSchema.safeParse(name).success) {
    leave(take, line, `the name ${JSON.stringify(written)}`, 'names are of a–z, 0–9 and "-", beginning with a letter');
    return undefined;
  }
  if (name !== written) leave(take, line, `the name ${JSON.stringify(written)}`, `it becomes ${JSON.stringify(name)}: names are of a–z, 0–9 and "-"`);
  return name;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 120 ? `${line.slice(0, 117)}…` : line;
}
