import { gitHostOf, type StatusChannelConfig } from '@redcontrol/contract';
import type { Answer } from '../channels/answer.ts';
import { answerOfHttp } from '../channels/answer.ts';
import { sendRequest, type HttpRequest } from '../http/send-request.ts';
import type { CommitStatus } from './commit-status.ts';

export interface StatusSending {
  status: CommitStatus;
  /** URL of the project's repository. */
  repository: string;
  /** Value of the channel's secret: the host's token. */
  token: string;
  signal: AbortSignal;
  now: number;
}

/** Writes a commit's status at its git host. */
export async function sendStatus(channel: StatusChannelConfig, sending: StatusSending): Promise<Answer> {
  const place = placeOf(channel, sending.repository);
  if (!place) return { outcome: 'refused', text: 'the repository\'s URL names no host: give `api` and `repository`' };
  const http = await sendRequest({ ...requestOf(channel.kind, place, sending), signal: sending.signal });
  const said = messageOfBody(http.body);
  const answer = answerOfHttp(http, { now: sending.now, ...(said === undefined ? {} : { said }) });
  // GitLab refuses a state that the commit has already: what was wanted is so.
  return channel.kind === 'gitlab' && answer.outcome === 'refused' && /cannot transition status/i.test(answer.text) ? { outcome: 'delivered', text: answer.text } : answer;
}

/** Base URL of the host's API and the repository's name there. Pure. */
function placeOf({ kind, api, repository }: StatusChannelConfig, url: string): { api: string; repository: string } | undefined {
  const found = gitHostOf(url);
  const base = api ?? (found && apiOf(kind, found));
  const name = repository ?? found?.repository;
  return base === undefined || name === undefined ? undefined : { api: base.replace(/\/+$/, ''), repository: name };
}

function apiOf(kind: StatusChannelConfig['kind'], { scheme, host }: { scheme: string; host: string }): string {
  if (kind === 'github') return host === 'github.com' || host === 'ssh.github.com' ? 'https://api.github.com' : `${scheme}://${host}/api/v3`;
  return `${scheme}://${host}/api/${kind === 'gitlab' ? 'v4' : 'v1'}`;
}

const githubStates = { queued: 'pending', running: 'pending', passed: 'success', failed: 'failure', stopped: 'error' } as const;
const gitlabStates = { queued: 'pending', running: 'running', passed: 'success', failed: 'failed', stopped: 'canceled' } as const;

/**
 * https://docs.github.com/rest/commits/statuses · https://docs.gitlab.com/api/commits/#set-commit-pipeline-status ·
 * https://docs.gitea.com/api (repoCreateStatus), which Forgejo shares
 */
function requestOf(kind: StatusChannelConfig['kind'], place: { api: string; repository: string }, { status, token }: StatusSending): Omit<HttpRequest, 'signal'> {
  const { commit, description, context, url, ref } = status;
  const target = url === undefined ? {} : { target_url: url };
  if (kind === 'gitlab') {
    return {
      url: `${place.api}/projects/${encodeURIComponent(place.repository)}/statuses/${commit}`, headers: { 'private-token': token },
      body: JSON.stringify({ state: gitlabStates[status.state], ref, name: context, description, ...target }),
    };
  }
  const path = place.repository.split('/').map(encodeURIComponent).join('/');
  return {
    url: `${place.api}/repos/${path}/statuses/${commit}`,
    headers: kind === 'github' ? { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' } : { authorization: `token ${token}` },
    body: JSON.stringify({ state: githubStates[status.state], description, context, ...target }),
  };
}

/** All three answer errors as JSON with `message`; a status that was taken is told by its state. */
function messageOfBody(body: string): string | undefined {
  try {
    const { message, state, status } = JSON.parse(body) as { message?: unknown; state?: unknown; status?: unknown };
    if (typeof message === 'string') return message;
    if (message !== undefined) return JSON.stringify(message);
    return typeof state === 'string' ? state : typeof status === 'string' ? status : undefined;
  } catch {
    return undefined;
  }
}
