import { ago } from './ago.ts';
import { plural } from './plural.ts';
import type { Words } from './words.ts';

const missed = plural('en', { one: 'event', other: 'events' });
const tests = plural('en', { one: 'test failed', other: 'tests failed' });
const releases = plural('en', { one: 'release went live', other: 'releases went live' });
const others = plural('en', { one: 'other thing', other: 'other things' });

export const english: Words = {
  language: 'en',
  status: {
    queued: 'queued', preparing: 'preparing', running: 'running', releasing: 'releasing',
    succeeded: 'passed', failed: 'failed', cancelled: 'cancelled', superseded: 'superseded',
  },
  titles: {
    waiting: ({ project, ref }) => `${project}: ${ref} still waits in the queue`,
    passed: ({ project, ref }) => `${project}: ${ref} passed`,
    deployed: ({ project, environments }) => `${project}: live on ${environments}`,
    failed: ({ project, ref }) => `${project}: ${ref} failed`,
    recovered: ({ project, ref }) => `${project}: ${ref} passes again`,
    cancelled: ({ project, ref }) => `${project}: ${ref} was cancelled`,
    releaseFailed: ({ project, environments }) => `${project}: the release to ${environments} failed`,
    rolledBack: ({ project, environments }) => `${project}: ${environments} was rolled back`,
    down: ({ project, environments }) => `${project}: ${environments} is down`,
    up: ({ project, environments }) => `${project}: ${environments} is up again`,
    sourceUnreachable: ({ project }) => `${project}: the repository cannot be reached`,
    certificateFailed: ({ project, environments }) => `${project}: no certificate for ${environments}`,
    jobFailed: ({ project, environments, job }) => `${project}: job ${job} of ${environments} failed`,
    jobMissed: ({ project, environments, job }) => `${project}: job ${job} of ${environments} did not run in time`,
    jobRecovered: ({ project, environments, job }) => `${project}: job ${job} of ${environments} works again`,
    backupFailed: ({ project, environments }) => `${project}: the backup of ${environments} failed`,
    crashLoop: ({ project, environments, process }) => `${project}: ${process} of ${environments} ends again and again`,
    crashLoopOver: ({ project, environments, process }) => `${project}: ${process} of ${environments} runs steadily again`,
    missed: (count) => `Meanwhile: ${missed(count)}`,
  },
  alerts: {
    errors: ({ environments }) => `too many errors on ${environments}`,
    memory: ({ environments, name }) => `${name} of ${environments} is near its memory limit`,
    disk: ({ name }) => `the disk of ${name} is nearly full`,
    certificate: ({ name }) => `the certificate of ${name} ends soon`,
  },
  alertsOver: {
    errors: ({ environments }) => `few errors on ${environments} again`,
    memory: ({ environments, name }) => `${name} of ${environments} has memory to spare again`,
    disk: ({ name }) => `the disk of ${name} has room again`,
    certificate: ({ name }) => `the certificate of ${name} is valid for long again`,
  },
  failedStep: (step) => `Step ${step}`,
  failedTests: (count) => `${tests(count)}:`,
  andMore: (count) => `and ${count} more`,
  counts: { passed: (count) => `${count} passed`, failed: (count) => `${count} failed`, deployed: releases, other: others },
  actions: { log: 'Log', open: 'Open', retry: 'Retry' },
  tray: { runs: 'Last runs', noRuns: 'Nothing was pushed yet.', back: 'Back to the last runs', step: 'Steps', end: 'Only the end of the log:', missing: 'This run is not there (any more).' },
  live: ({ environment, release, since, by }) => `${environment}: release #${release} ${since} by ${by}`,
  nothingLive: (environment) => `${environment}: nothing deployed yet`,
  connected: ({ server, name, role }) => `Connected to ${server} as ${name} (${role}).`,
  notInProject: ({ server, project }) => `${server} does not show you ${project}: ask its admin to add your key to that project too.`,
  noAccess: (server) => `${server} does not know your key yet. Send this line to an admin of the project, who runs it and then \`redcontrol apply\`:`,
  noKey: (server) => `${server} does not know you, and this machine has no SSH key. Make one with ssh-keygen -t ed25519, then connect again.`,
  noNotifications: (reason) => `No desktop notifications here (${reason}): they are printed instead.`,
  following: (servers) => `Following ${servers}.`,
  lost: ({ server, reason }) => `${server}: connection lost (${reason}); trying again.`,
  back: (server) => `${server}: connected.`,
  ago: (at, now) => ago('en', { at, now }),
};
