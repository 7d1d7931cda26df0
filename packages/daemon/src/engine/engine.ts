import { Agent } from 'node:http';
import Docker from 'dockerode';

/**
 * A Docker Engine to work with: the server's own, or that of a virtual machine.
 * Nothing outside engine/ and images/ knows which.
 */
export interface Engine {
  /** `host`, or the name of a virtual machine; for messages. */
  readonly name: string;
  /** Unix socket of the API; also what DOCKER_HOST names for the command line. */
  readonly socketPath: string;
  readonly docker: Docker;
  /** Value of the `redcontrol` label of all that this daemon makes; keeps several daemons on one engine apart. */
  readonly instance: string;
  /** Whether networks get their addresses from the engine, which has a range that is reached from elsewhere, or from RedControl's own. */
  readonly addresses: 'own-range' | 'of-engine';
}

export interface EngineOptions {
  name?: string;
  socketPath?: string;
  instance?: string;
  addresses?: Engine['addresses'];
}

/**
 * Does not connect yet: the first call does.
 * Connections are kept: a new one for each call would cost more than most calls themselves.
 */
export function openEngine(options: EngineOptions = {}): Engine {
  const socketPath = options.socketPath ?? '/var/run/docker.sock';
  const connection = { socketPath, agent: new Agent({ keepAlive: true, maxFreeSockets: 8 }) };
  return {
    name: options.name ?? 'host',
    socketPath,
    docker: new Docker(connection),
    instance: options.instance ?? 'default',
    addresses: options.addresses ?? 'own-range',
  };
}

/** Labels that every container, network, volume and image of ours carries. Values are plain names and numbers. */
export interface OwnerLabels {
  role: 'run' | 'service' | 'web' | 'process' | 'database' | 'migration' | 'job' | 'image' | 'network' | 'volume' | 'scratch';
  project?: string;
  environment?: string;
  run?: number;
  release?: number;
  /** Which of several apps of the repository. */
  app?: string;
  /** Backup, restore or rehearsal that a scratch container, network or volume belongs to. */
  operation?: number;
  /** Most connections that were asked for. */
  connections?: number;
  /** Volume with the data of a database. */
  volume?: string;
  /** Name of the process, service or volume. */
  name?: string;
}

/** Labels as the engine takes them: `redcontrol=<instance>`, `redcontrol.role=…` and so on. */
export function labelsOf(engine: Engine, owner: Partial<OwnerLabels>): Record<string, string> {
  const labels: Record<string, string> = { redcontrol: engine.instance };
  for (const [key, value] of Object.entries(owner)) {
    if (value !== undefined) labels[`redcontrol.${key}`] = String(value);
  }
  return labels;
}

/** The filter for lists that finds what carries these labels; never what belongs to another instance. */
export function labelFilter(engine: Engine, owner: Partial<OwnerLabels>): { label: string[] } {
  return { label: Object.entries(labelsOf(engine, owner)).map(([key, value]) => `${key}=${value}`) };
}
