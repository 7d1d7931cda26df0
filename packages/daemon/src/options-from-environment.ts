import { hostname } from 'node:os';
import type { DaemonOptions } from './context.ts';
import { runDirectoryFromEnvironment } from './run-directory.ts';

const letsEncrypt = 'https://acme-v02.api.letsencrypt.org/directory';

/** The daemon's options on a server; the variables are set in its unit, and by tests. */
export function optionsFromEnvironment(): DaemonOptions {
  const { env } = process;
  return {
    dataDirectory: env.REDCONTROL_DATA_DIRECTORY ?? '/var/lib/redcontrol',
    runDirectory: runDirectoryFromEnvironment(),
    instance: env.REDCONTROL_INSTANCE ?? 'default',
    engineSocket: env.REDCONTROL_ENGINE_SOCKET ?? '/var/run/docker.sock',
    httpPort: Number(env.REDCONTROL_HTTP_PORT ?? 80),
    httpsPort: Number(env.REDCONTROL_HTTPS_PORT ?? 443),
    runConcurrency: Number(env.REDCONTROL_RUN_CONCURRENCY ?? 2),
    jobConcurrency: Number(env.REDCONTROL_JOB_CONCURRENCY ?? 10),
    warmCount: Number(env.REDCONTROL_WARM_COUNT ?? 2),
    minPollMs: Number(env.REDCONTROL_MIN_POLL_MS ?? 5000),
    diskReserveBytes: Number(env.REDCONTROL_DISK_RESERVE_BYTES ?? 512 * 1024 ** 2),
    acmeDirectoryUrl: env.REDCONTROL_ACME_DIRECTORY ?? letsEncrypt,
    ...(env.REDCONTROL_MACHINES_DIRECTORY ? { machinesDirectory: env.REDCONTROL_MACHINES_DIRECTORY } : {}),
    ...(env.REDCONTROL_BACKUP_DIRECTORY ? { backupDirectory: env.REDCONTROL_BACKUP_DIRECTORY } : {}),
    ...(env.REDCONTROL_ACME_CA_FILE ? { acmeCaFile: env.REDCONTROL_ACME_CA_FILE } : {}),
    publicHost: env.REDCONTROL_PUBLIC_HOST ?? hostname(),
  };
}
