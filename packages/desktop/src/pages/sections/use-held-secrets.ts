import { useQueryClient } from '@tanstack/react-query';
import { newProjectPath, type SecretValue } from '@redcontrol/contract';
import { useConnection, useControl } from '../../connection/use-control.ts';
import { useConfigEditor } from '../../editor/editor-context.tsx';

/** Secrets that were typed and are sent when the project is applied. */
export function useHeldSecrets(): { held: { environment: string; name: string }[]; hold: (values: SecretValue[]) => void } {
  const connection = useConnection();
  const queries = useQueryClient();
  const path = useConfigEditor().path ?? newProjectPath;
  const { data: held = [] } = useControl('secrets.held', { path });
  return {
    held,
    hold: (values) => void connection.call('secrets.hold', { path, values }).then(() => queries.invalidateQueries({ queryKey: ['control', 'secrets.held'] })),
  };
}
