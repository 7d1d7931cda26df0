import type { ChannelState } from '@redcontrol/contract';
import { useDaemon } from '../../../connection/use-control.ts';
import { useConfigEditor } from '../../../editor/editor-context.tsx';
import { textAt } from '../../../editor/read-data.ts';
import { useEnvironmentServer } from '../use-environment-server.ts';

/** A channel as the server has it; undefined while it was not applied there or the server is out of reach. */
export function useAppliedChannel(name: string): { server: string; project: string; channel: ChannelState | undefined } {
  const project = textAt(useConfigEditor().data, ['project']);
  const link = useEnvironmentServer();
  const answer = useDaemon(link?.id ?? '', 'project.show', { project }, { enabled: link?.state === 'reachable' && project !== '' });
  return { server: link?.id ?? '', project, channel: answer.data?.result.channels?.find((channel) => channel.name === name) };
}
