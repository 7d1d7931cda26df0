import { formatDurationMs, type ChannelLanguage } from '@redcontrol/contract';
import type { PreparedMask } from '../../logs/index.ts';
import { listSteps, type Store, type StoredRun } from '../../store/index.ts';
import { plainLine } from '../news/plain-line.ts';
import { wordsOf } from '../words/words.ts';

/** What a run says of its commit. Hosts have words of their own for the state. */
export interface CommitStatus {
  state: 'queued' | 'running' | 'passed' | 'failed' | 'stopped';
  commit: string;
  /** Branch or tag. */
  ref: string;
  /** GitHub's limit, the smallest of the hosts, is 140 characters. */
  description: string;
  /** Which status of the commit this is: a later one of the same name replaces it. */
  context: string;
  /** Where it can be seen; left out where nothing is. */
  url?: string;
}

const maxDescriptionLength = 140;

/** The state of a run as it is now: a status that could not be sent in time is not told after the fact. */
export function commitStatusOf(store: Store, run: StoredRun, of: { context: string; language: ChannelLanguage; mask: PreparedMask; url: string | undefined }): CommitStatus {
  const { state, text } = stateOf(store, run, of.language);
  const description = plainLine(of.mask.maskText(text), maxDescriptionLength);
  return { state, commit: run.commit, ref: run.ref, description, context: of.context, ...(of.url === undefined ? {} : { url: of.url }) };
}

function stateOf(store: Store, run: StoredRun, language: ChannelLanguage): { state: CommitStatus['state']; text: string } {
  const { status: words } = wordsOf(language);
  switch (run.status) {
    case 'queued': return { state: 'queued', text: words.queued };
    case 'preparing': case 'running': case 'releasing': return { state: 'running', text: words.running };
    case 'succeeded': {
      const took = formatDurationMs((run.finishedAt ?? 0) - (run.startedAt ?? run.finishedAt ?? 0));
      return { state: 'passed', text: run.environments.length > 0 ? words.live({ environments: run.environments.join(', '), took }) : words.passed(took) };
    }
    case 'failed': {
      const step = listSteps(store, run.id).find((one) => one.status === 'failed');
      return { state: 'failed', text: step ? words.failed(step.name) : words.broken(run.error?.message ?? '') };
    }
    case 'cancelled': return { state: 'stopped', text: words.cancelled };
    case 'superseded': return { state: 'stopped', text: words.superseded };
  }
}
