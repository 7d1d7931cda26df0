import { RedControlError } from '@redcontrol/contract';
import { commitsBetween } from '../../source/index.ts';
import { listReleases } from '../../store/index.ts';
import type { Handlers } from '../handlers.ts';

/** Releases among which one is looked for by its number. */
const searchedReleases = 1000;
const shownCommits = 200;

export const releaseMethods: Pick<Handlers, 'release.changes'> = {
  async 'release.changes'({ daemon, params }) {
    const { project, environment } = params;
    const releases = listReleases(daemon.store, { project, environment, limit: searchedReleases });
    const find = (number: number) => {
      const release = releases.find((one) => one.number === number);
      if (release) return release;
      throw new RedControlError('NOT_FOUND', `Expected a release of ${environment}, got #${number}`, { hint: 'See `redcontrol releases`.' });
    };
    const [from, to] = [find(params.from), find(params.to)];
    const limit = shownCommits + 1;
    const [added, removed] = await Promise.all([
      commitsBetween(daemon.git, project, { from: from.commit, to: to.commit, limit }),
      commitsBetween(daemon.git, project, { from: to.commit, to: from.commit, limit }),
    ]);
    return { added: added.slice(0, shownCommits), removed: removed.slice(0, shownCommits), complete: added.length < limit && removed.length < limit };
  },
};
