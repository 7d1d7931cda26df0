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
    'source-unreachable': ({ project }) => `${project}: the repository cannot be reached`,
    'certificate-failed': ({ project, environments }) => `${project}: no certificate for ${environments}`,
  },
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
