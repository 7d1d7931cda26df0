import type { OwnerLabels } from './engine.ts';

export type Mount =
  | { kind: 'bind'; source: string; target: string; readOnly?: boolean }
  | { kind: 'volume'; source: string; target: string; readOnly?: boolean }
  | { kind: 'tmpfs'; target: string; sizeBytes?: number };

/** A container as RedControl wants it. What is left out takes the safe value. */
export interface ContainerSpec {
  name: string;
  image: string;
  command?: string[];
  /** Replaces the image's entrypoint; [] takes it away. */
  entrypoint?: string[];
  user?: string;
  workingDir?: string;
  variables?: Record<string, string>;
  labels: OwnerLabels;
  /** Left out: the engine's default bridge. `none`: no network. */
  network?: string;
  /** Names under which others on `network` find this container. */
  aliases?: string[];
  mounts?: Mount[];
  memoryBytes?: number;
  /** Upper limit, in processors: 1.5 is one and a half. */
  cpus?: number;
  pidsLimit?: number;
  /** Weight against other containers under load; 1024 is the usual one. */
  cpuShares?: number;
  restart?: 'no' | 'unless-stopped' | 'always';
  stopSignal?: string;
  /** How long the engine itself waits at a stop that names no time (its own shutdown). */
  stopTimeoutMs?: number;
  /** A small init as PID 1 that reaps zombies and passes signals on. */
  init?: boolean;
  publish?: { containerPort: number; hostAddress: string; hostPort?: number }[];
  readOnlyRoot?: boolean;
  /** Capabilities given back after all were dropped, as a database's entrypoint needs them (`CHOWN`, `SETUID` …). */
  capabilities?: string[];
  logLimit?: { fileBytes: number; files: number };
  /** Size of /dev/shm; PostgreSQL needs more than the engine's 64 MiB for parallel queries. */
  shmBytes?: number;
  ulimits?: { name: string; soft: number; hard: number }[];
  extraHosts?: Record<string, string>;
}
