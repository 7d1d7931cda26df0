import { join } from 'node:path';
import type { DaemonContext } from '../context.ts';
import { createReplayStore, createWebhookServer, type WebhookServer } from '../source/index.ts';
import { getProject } from '../store/index.ts';
import { unseal } from '../secrets/index.ts';
import type { ProjectFollowers } from './follow-projects.ts';

/** Takes webhooks of all projects behind the proxy; each only makes its follower look. */
export function startWebhooks(daemon: DaemonContext, followers: ProjectFollowers): Promise<WebhookServer> {
  return createWebhookServer({
    socketPath: webhookSocketPath(daemon.options.runDirectory),
    hooks(project) {
      const stored = getProject(daemon.store, project);
      return stored && { secret: unseal(daemon.key, stored.webhookSecret, `webhook/${project}`).toString('utf8') };
    },
    onPush: (project, info) => followers.poke(project, info.commit === undefined ? {} : { commit: info.commit }),
    replayStore: createReplayStore(),
    clock: daemon.clock,
  });
}

export function webhookSocketPath(runDirectory: string): string {
  return join(runDirectory, 'webhook.sock');
}
