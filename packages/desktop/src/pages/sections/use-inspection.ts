import { useDebouncedValue } from '@mantine/hooks';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { frameworkNames, repositoryUrl, type Framework, type RedControlError, type RepositoryInspection } from '@redcontrol/contract';
import { useConnection } from '../../connection/use-control.ts';
import { useConfigEditor } from '../../editor/editor-context.tsx';
import { textAt } from '../../editor/read-data.ts';

const typingDelayMs = 500;
const freshMs = 60_000;

/** What the repository of the configuration holds, read with this computer's own access. */
export function useInspection(): UseQueryResult<RepositoryInspection, RedControlError> {
  const connection = useConnection();
  const { data } = useConfigEditor();
  const [repository] = useDebouncedValue(textAt(data, ['repository']), typingDelayMs);
  const [root] = useDebouncedValue(textAt(data, ['root']), typingDelayMs);
  const framework = frameworkNames.find((name) => name === textAt(data, ['framework']));
  const params = { repository, ...(root === '' ? {} : { root }), ...(framework === undefined ? {} : { framework: framework as Framework }) };
  return useQuery<RepositoryInspection, RedControlError>({
    queryKey: ['control', 'repository.inspect', params],
    queryFn: ({ signal }) => connection.call('repository.inspect', params, signal),
    enabled: repositoryUrl.safeParse(repository).success,
    placeholderData: (before, query) => ((query?.queryKey[2] as { repository?: string } | undefined)?.repository === repository ? before : undefined),
    staleTime: freshMs,
    retry: false,
  });
}
