/** Longest wait between two looks at a repository that cannot be reached. */
export const maxFailureWaitMs = 5 * 60_000;
/** Looks by polling over all projects: a look costs a git and, over ssh, a login. Beyond 30 projects at 15 s each waits longer. */
const maxLooksPerSecond = 2;
const jitterShare = 0.1;

/** How long to wait until the next look, with up to a tenth more or less, so that projects do not look all at once. */
export function pollWaitMs(poll: { pollMs: number; failures: number; followers: number; random: () => number }): number {
  const shared = Math.max(poll.pollMs, (poll.followers * 1000) / maxLooksPerSecond);
  const grown = poll.failures === 0 ? shared : Math.max(shared, Math.min(maxFailureWaitMs, poll.pollMs * 2 ** Math.min(poll.failures, 20)));
  return grown * (1 - jitterShare + 2 * jitterShare * poll.random());
}
