import { RedControlError, type RunRecord } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { commitOf, fetchMirror, hasCommit, listRemote, readCommit } from '../source/index.ts';
import type { StoredProject } from '../store/index.ts';

const listTimeoutMs = 20_000;

/** A branch, tag or commit as somebody typed it, as what a run needs. Throws REF_NOT_FOUND. */
export async function resolveRef(daemon: DaemonContext, project: StoredProject, text: string): Promise<Pick<RunRecord, 'ref' | 'refKind' | 'commit' | 'message' | 'author' | 'authorEmail'>> {
  const source = { project: project.name, url: project.config.repository };
  const refs = await listRemote(daemon.git, { ...source, timeoutMs: listTimeoutMs });
  const [branch, tag] = [commitOf(refs.branches, text), commitOf(refs.tags, text)];
  const commit = branch ?? tag ?? (/^[0-9a-f]{7,40}$/.test(text) ? text : undefined);
  const refKind = branch ? 'branch' : tag ? 'tag' : 'commit';
  if (commit) {
    await fetchMirror(daemon.git, { ...source, wanted: commit });
    if (await hasCommit(daemon.git, project.name, commit)) {
      const read = await readCommit(daemon.git, project.name, commit);
      return { ref: refKind === 'commit' ? read.commit.slice(0, 12) : text, refKind, commit: read.commit, message: read.message, author: read.author, authorEmail: read.authorEmail };
    }
  }
  throw new RedControlError('REF_NOT_FOUND', `Expected a branch, tag or commit of the repository, got ${text}`, { hint: `Branches: ${Object.keys(refs.branches).slice(0, 10).join(', ') || 'none'}.` });
}
