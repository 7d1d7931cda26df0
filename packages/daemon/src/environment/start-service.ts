import { randomBytes } from 'node:crypto';
import type { WorkContext } from '../context.ts';
import { databaseKinds, databaseVariables, startDatabase, waitForDatabase, type DatabaseAccess } from './databases/index.ts';
import type { EnvironmentNeeds, ServiceNeed } from './environment-needs.ts';

export const serviceMemoryBytes = 1024 ** 3;
const serviceTimeoutMs = 120_000;

export interface ServiceStart {
  service: ServiceNeed;
  imageReference: string;
  needs: EnvironmentNeeds;
  network: string;
  id: string;
  /** Filled with the started container at once, so that it is removed also when it never gets ready. */
  services: string[];
  signal: AbortSignal | undefined;
}

/** The image of a database for tests, on the server's engine. */
export async function serviceImage(
  daemon: WorkContext,
  start: { service: ServiceNeed; needs: EnvironmentNeeds; onOutput: (chunk: Buffer) => void; signal?: AbortSignal | undefined },
): Promise<string> {
  const { service, needs } = start;
  const images = daemon.images(needs.images.source, needs.images.mirror);
  return images.ensure({ kind: databaseKinds[service.engine].image, ...(service.version ? { version: service.version } : {}) }, { onOutput: start.onOutput, ...(start.signal ? { signal: start.signal } : {}) });
}

/** Starts a database for tests and waits until it answers; gives the variables by which steps find it. */
export async function startService(where: Pick<WorkContext, 'engine' | 'clock'>, start: ServiceStart): Promise<Record<string, string>> {
  const { service, needs, network } = start;
  const access: DatabaseAccess = { host: service.engine === 'redis' ? 'redis' : 'db', user: 'app', password: randomBytes(9).toString('hex'), name: 'app' };
  const containerId = await startDatabase(where.engine, {
    containerName: `${network}-${access.host}`, engine: service.engine, imageReference: start.imageReference, network, access, volume: undefined,
    labels: { role: 'service', project: needs.project, name: start.id }, memoryBytes: serviceMemoryBytes,
  });
  start.services.push(containerId);
  await waitForDatabase(where.engine, { containerId, engine: service.engine, access, timeoutMs: serviceTimeoutMs, clock: where.clock, ...(start.signal ? { signal: start.signal } : {}) });
  return databaseVariables(service.engine, access);
}
