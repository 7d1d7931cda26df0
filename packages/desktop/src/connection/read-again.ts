import type { Query, QueryClient, QueryFilters } from '@tanstack/react-query';

/**
 * Reads again what is shown of the matching answers. An answer that is on its way may be older than the change that
 * was told: it is let come, and is read once more afterwards. It is not cancelled, since changes that follow each other
 * faster than answers come would then keep every answer away.
 */
export function createReadAgain(queries: QueryClient): (filters: QueryFilters) => void {
  const waiting = new Set<Query>();
  const readAgain = (filters: QueryFilters) => {
    for (const query of queries.getQueryCache().findAll({ ...filters, fetchStatus: 'fetching' })) {
      if (waiting.has(query)) continue;
      waiting.add(query);
      const next = () => {
        waiting.delete(query);
        readAgain({ queryKey: query.queryKey, exact: true });
      };
      void Promise.resolve(query.promise).then(next, next);
    }
    void queries.invalidateQueries(filters, { cancelRefetch: false });
  };
  return readAgain;
}
