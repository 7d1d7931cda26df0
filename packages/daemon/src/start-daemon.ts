import { mkdir } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { environmentDomains } from '@redcontrol/contract';
import { systemClock } from '@redcontrol/system';
import { lookForAlerts } from './alerts/index.ts';
import { serveConnections } from './api/serve-connections.ts';
import type { ApiParts } from './api/serve-connection.ts';
import { openBackupKey, recoverData, startBackupSchedule } from './backup/index.ts';
import { createCertificates } from './certificates/index.ts';
import type { DaemonContext, DaemonOptions, Logger } from './context.ts';
import { limitBuilds, openEngine } from './engine/index.ts';
import { createWarmPool } from './environment/index.ts';
import { collectJobs, createJobRunner, recoverJobs } from './jobs/index.ts';
import { createMachines } from './machine/index.ts';
import { createRequestCounter, serveOpenMetrics, startMetrics, type RequestCounter } from './metrics/index.ts';
import { createImages, type Images } from './images/index.ts';
import { createEventHub, createOutbox, type EventHub } from './notify/index.ts';
import { tellWaitingRuns } from './pipeline/tell-waiting-runs.ts';
import { createRunQueue } from './pipeline/queue.ts';
import { recoverRuns } from './pipeline/recover-runs.ts';
import { runPipeline, type PipelineParts } from './pipeline/run-pipeline.ts';
import { warmRecentProjects } from './pipeline/warm-recent.ts';
import { createProjectFollowers } from './projects/follow-projects.ts';
import { startWebhooks } from './projects/start-webhooks.ts';
import { createPreviewEndings } from './preview/index.ts';
import { createProxy } from './proxy/index.ts';
import { createLiveView, drainsEnded, recoverReleases } from './release/index.ts';
import { superviseReleases } from './release/supervise.ts';
import { collectGarbage } from './release/collect-garbage.ts';
import { openKeyFile } from './secrets/index.ts';
import { createGit } from './source/index.ts';
import { listProjects, openStore, type Store, type StoreOptions } from './store/index.ts';

export interface RunningDaemon {
  context: DaemonContext;
  parts: ApiParts;
  /** Stops following, running and serving; what was under way goes on at the next start. Apps are not touched. */
  close(): Promise<void>;
}

export interface StartOptions extends StoreOptions {
  options: DaemonOptions;
  log: Logger;
  version: string;
  /** Group that may open the socket. */
  socketGid?: number;
}

const collectEveryMs = 3_600_000;
const longestReviveMs = 20_000;

/** Brings everything up in order: state, proxy, what was interrupted, then followers, queue and the socket. */
export async function startDaemon(start: StartOptions): Promise<RunningDaemon> {
  const { options } = start;
  await mkdir(options.runDirectory, { recursive: true });
  const requests = createRequestCounter();
  const context = await createContext(start, requests);
  const logListeners = new Set<Parameters<PipelineParts['onLog']>[0] extends infer Log ? (log: Log) => void : never>();
  const pipeline: PipelineParts = {
    warm: createWarmPool(context),
    onLog: (log) => {
      for (const listener of logListeners) listener(log);
    },
  };
  const limited = await limitBuilds(context.engine, buildLimits());
  for (const line of limited.failed) context.log.info(`builds are not limited: ${line}`);
  await context.machines.removeLeftRuns();
  await context.machines.deployed.load();
  // Machines that run are found at once; one that has to boot first is not waited for to its end.
  await Promise.race([context.machines.deployed.revive({ onOutput: (text) => context.log.info(text.trim()) }), context.clock.sleep(longestReviveMs)]);
  await recoverData(context);
  await recoverReleases(context);
  await recoverRuns(context);
  await recoverJobs(context);

  const queue = createRunQueue(context, (run, signal) => runPipeline(context, pipeline, run, signal));
  const previews = createPreviewEndings(context, queue);
  const followers = createProjectFollowers(context, queue, previews);
  const webhooks = await startWebhooks(context, followers);
  const outbox = createOutbox(context);
  const jobs = createJobRunner(context, { concurrency: options.jobConcurrency });
  const view = createLiveView(context);
  const metrics = startMetrics(context, { view, requests });
  metrics.onSample((at) => lookForAlerts(context, metrics.store, at));
  const socketGroup = start.socketGid === undefined ? {} : { gid: start.socketGid };
  const openMetrics = await serveOpenMetrics(context, metrics, { path: join(options.runDirectory, 'metrics.sock'), view, ...socketGroup });
  const parts: ApiParts = {
    jobs, queue, followers, previews, pipeline, outbox, metrics, startedAt: context.clock.now(), version: start.version,
    onLog(listener) {
      logListeners.add(listener);
      return () => logListeners.delete(listener);
    },
  };
  const api = await serveConnections(context, parts, { path: join(options.runDirectory, 'daemon.sock'), ...socketGroup });
  for (const project of listProjects(context.store)) followers.follow(project.name);
  previews.lookAtAll();
  queue.wake();
  void warmRecentProjects(context, pipeline.warm).catch((error: unknown) => context.log.error('no environment was made ready', error));
  const stopping = new AbortController();
  const supervision = Promise.all([superviseReleases(context, view, stopping.signal), tellWaitingRuns(context, stopping.signal)]);
  const backups = startBackupSchedule(context, stopping.signal);
  const collection = setInterval(() => {
    previews.lookAtAll();
    void collectEverything(context);
  }, collectEveryMs);

  return {
    context, parts,
    async close() {
      clearInterval(collection);
      stopping.abort();
      await api.close();
      await webhooks.close();
      await followers.close();
      await queue.close();
      await previews.settled();
      await jobs.close();
      await pipeline.warm.close();
      await supervision;
      await backups;
      await openMetrics.close();
      await metrics.close();
      await outbox.close();
      await drainsEnded();
      await context.certificates.close();
      await context.machines.deployed.close();
      await context.proxy.close();
      context.store.close();
    },
  };
}

async function collectEverything(context: DaemonContext): Promise<void> {
  const tell = (error: unknown) => context.log.error('garbage was not collected', error);
  await collectGarbage(context).catch(tell);
  await collectJobs(context).catch(tell);
  await context.machines.keepCurrent({ onOutput: () => {} }).catch(tell);
}

/** Builds leave half of the memory and the larger part of the processors to what serves people. */
function buildLimits() {
  return { memoryBytes: Math.floor(totalmem() / 2), cpuShares: 256, pids: 4096 };
}

async function createContext(start: StartOptions, requests: RequestCounter): Promise<DaemonContext> {
  const { options, log } = start;
  const store = openStore(join(options.dataDirectory, 'state.db'), start);
  const engine = openEngine({ socketPath: options.engineSocket, instance: options.instance });
  const proxy = await createProxy({
    directory: join(options.dataDirectory, 'haproxy'), runDirectory: options.runDirectory, requestLogDirectory: join(options.dataDirectory, 'requests'),
    httpPort: options.httpPort, httpsPort: options.httpsPort, clock: systemClock, onRequest: requests.add,
  });
  const events = createEventHub(store);
  const known = new Map<string, Images>();
  return {
    options, store, engine, proxy, log,
    machines: createMachines({ directory: join(options.dataDirectory, 'machines'), instance: options.instance, engine, ...(options.machinesDirectory ? { sharedDirectory: options.machinesDirectory } : {}) }),
    images(source, mirror) {
      const key = `${source} ${mirror ?? ''}`;
      const images = known.get(key) ?? createImages(engine, { source, ...(mirror === undefined ? {} : { mirror }), workDirectory: join(options.dataDirectory, 'images') });
      known.set(key, images);
      return images;
    },
    git: createGit({ directory: join(options.dataDirectory, 'repositories'), keyDirectory: join(options.dataDirectory, 'ssh') }),
    key: await openKeyFile(join(options.dataDirectory, 'key')),
    certificates: await createCertificates({
      directory: join(options.dataDirectory, 'certificates'), acmeDirectoryUrl: options.acmeDirectoryUrl, accountKeyFile: join(options.dataDirectory, 'certificates', 'account.key'),
      challengeServerSocket: join(options.runDirectory, 'acme.sock'), proxy, clock: systemClock, ...(options.acmeCaFile ? { caFile: options.acmeCaFile } : {}),
      onChange: ({ domain, kind, error }) => {
        log.info(`certificate of ${domain}: ${error ? error.message : kind}`);
        if (error) tellCertificate(store, events, domain, error.message);
      },
    }),
    backupKey: await openBackupKey(join(options.dataDirectory, 'backup-key.txt')),
    clock: systemClock,
    events,
  };
}

/** Everybody who serves the domain hears of a certificate that could not be had. */
function tellCertificate(store: Store, events: EventHub, domain: string, text: string): void {
  store.transaction(() => {
    for (const project of listProjects(store)) {
      for (const environment of Object.keys(project.config.environments)) {
        if (!environmentDomains(project.config, environment).includes(domain)) continue;
        events.add({ at: systemClock.now(), kind: 'certificate.failed', project: project.name, environment, runId: null, text: `certificate of ${domain}: ${text}`, data: { domain } });
      }
    }
  });
  events.flush();
}
