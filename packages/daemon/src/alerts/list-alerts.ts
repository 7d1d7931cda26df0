import { alertKinds, type Alert } from '@redcontrol/contract';
import { listAllTroubles, listJobRuns, listJobs, type Store, type StoredJob, type Trouble } from '../store/index.ts';
import { parseSubject } from './alert-subject.ts';

/** What is wrong now, the oldest first. */
export function openAlerts(store: Store): Alert[] {
  const jobs = listJobs(store).filter(({ failing }) => failing).map((job) => alertOfJob(store, job));
  return [...listAllTroubles(store).flatMap(alertOfTrouble), ...jobs].sort((a, b) => a.since - b.since);
}

function alertOfTrouble({ project, environment, subject, since, detail }: Trouble): Alert[] {
  const about = parseSubject(subject, alertKinds);
  if (!about) return [];
  const { value = null, limit = null } = JSON.parse(detail ?? '{}') as { value?: string; limit?: string };
  return [{ kind: about.kind, project, environment: environment === '' ? null : environment, name: about.name || null, since, value, limit }];
}

/** It is failing since the first failure after its last success. */
function alertOfJob(store: Store, job: StoredJob): Alert {
  const runs = listJobRuns(store, job, { limit: 1000 });
  const ended = runs.filter(({ finishedAt }) => finishedAt !== null);
  const lastSuccess = ended.findIndex(({ status }) => status === 'succeeded');
  const failures = (lastSuccess === -1 ? ended : ended.slice(0, lastSuccess)).filter(({ status }) => status === 'failed' || status === 'timed-out');
  return { kind: 'job', project: job.project, environment: job.environment, name: job.name, since: failures.at(-1)?.finishedAt ?? 0, value: failures[0]?.status ?? null, limit: null };
}
