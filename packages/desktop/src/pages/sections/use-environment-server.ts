import type { ServerLink } from '@redcontrol/contract';
import { useControl } from '../../connection/use-control.ts';
import { useConfigEditor } from '../../editor/editor-context.tsx';
import { listAt, mapAt, textAt } from '../../editor/read-data.ts';

/** The server that the configuration names for an environment, or for any when none is given, as far as it is known here. */
export function useEnvironmentServer(environment?: string): ServerLink | undefined {
  const { data } = useConfigEditor();
  const { data: links = [] } = useControl('servers.list', {});
  const named = environment === undefined ? undefined : listAt(data, ['environments', environment, 'server'])[0];
  const name = String(named ?? Object.keys(mapAt(data, ['servers']))[0] ?? '');
  const host = textAt(data, ['servers', name, 'host']);
  const port = textAt(data, ['servers', name, 'port']) || '22';
  return links.find(({ id }) => id === `${host}:${port}`);
}
