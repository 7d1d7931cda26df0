import type { News } from '../news/news.ts';
import type { Words } from './words.ts';

export const english: Words = {
  titles: {
    passed: ({ project, ref }) => `${project}: ${ref} passed`,
    failed: ({ project, ref }) => `${project}: ${ref} failed`,
    recovered: ({ project, ref }) => `${project}: ${ref} passes again`,
    deployed: ({ project, environments, release }) => `${project}: release ${release} is live on ${environments}`,
    'rolled-back': ({ project, environments, release }) => `${project}: ${environments} was rolled back, release ${release}`,
    waiting: ({ project, ref }) => `${project}: ${ref} waits too long in the queue`,
    down: ({ project, environments }) => `${project}: ${environments} is down`,
    up: ({ project, environments }) => `${project}: ${environments} is up again`,
    'job-failed': ({ project, environments, job }) => `${project}: job ${job} of ${environments} failed`,
    'job-missed': ({ project, environments, job }) => `${project}: job ${job} of ${environments} was missed`,
    'job-recovered': ({ project, environments, job }) => `${project}: job ${job} of ${environments} is well again`,
    'backup-failed': ({ project, environments }) => `${project}: the backup of ${environments} failed`,
    'source-unreachable': ({ project }) => `${project}: the repository cannot be reached`,
    'certificate-failed': ({ project, environments }) => `${project}: no certificate for ${environments}`,
    'crash-loop': ({ project, environments, process }) => `${project}: ${process} of ${environments} ends again and again`,
    alert: ({ project, environments, alert }) => `${project}: ${alertTitle(alert, environments)}`,
    'alert-over': ({ project, environments, alert }) => `${project}: ${alertOverTitle(alert, environments)}`,
    'crash-loop-over': ({ project, environments, process }) => `${project}: ${process} of ${environments} runs steadily again`,
  },
  measured: ({ kind, value, limit }) => (kind === 'certificate' ? `It is valid for ${value}; told from ${limit} on.` : `${value} now, the limit is ${limit}.`),
  failedStep: (name) => `Failed step: ${name}`,
  failedTests: 'Failed tests:',
  andMore: '… and more',
  commit: ({ id, message, author }) => `${id} ${message} — ${author}`,
  showLog: (run) => `Log: redcontrol run logs ${run}`,
  happenedAt: (time) => `Happened at ${time}; it could not be told before.`,
  test: { title: ({ project, channel }) => `${project}: a test of the channel ${channel}`, body: 'Messages arrive here.' },
  status: {
    queued: 'Waits in the queue',
    running: 'Runs',
    passed: (took) => `Passed in ${took}`,
    live: ({ environments, took }) => `Passed in ${took}, live on ${environments}`,
    failed: (step) => `Failed: ${step}`,
    broken: (error) => `Failed: ${error}`,
    cancelled: 'Cancelled',
    superseded: 'Overtaken by a newer commit',
  },
};

function alertTitle(alert: News['alert'], environments: string): string {
  switch (alert?.kind) {
    case 'errors': return `too many errors on ${environments}`;
    case 'memory': return `${alert.name} of ${environments} is near its memory limit`;
    case 'disk': return `the disk of ${alert.name} is nearly full`;
    case 'certificate': return `the certificate of ${alert.name} ends soon`;
    case undefined: return `something is wrong with ${environments}`;
  }
}

function alertOverTitle(alert: News['alert'], environments: string): string {
  switch (alert?.kind) {
    case 'errors': return `few errors on ${environments} again`;
    case 'memory': return `${alert.name} of ${environments} has memory to spare again`;
    case 'disk': return `the disk of ${alert.name} has room again`;
    case 'certificate': return `the certificate of ${alert.name} is valid for long again`;
    case undefined: return `${environments} is well again`;
  }
}
