import { Stack, Text } from '@mantine/core';
import { useControl } from '../../connection/use-control.ts';
import { useConfigEditor } from '../../editor/editor-context.tsx';
import { CopyField } from '../../parts/copy-field.tsx';
import { useTranslate } from '../../words/language.tsx';

/** The line by which a developer's redwatch finds the server. A project without a file has none yet. */
export function InviteDevelopers() {
  const { path } = useConfigEditor();
  return path === undefined ? null : <Invitations path={path} />;
}

function Invitations({ path }: { path: string }) {
  const t = useTranslate();
  const { data = [] } = useControl('people.invite', { path });
  const lines = data.flatMap(({ server, line }) => (line === null ? [] : [{ server, line }]));
  return (
    <Stack gap="xs" maw={720}>
      <Text fz="sm" c="dimmed">{t(lines.length > 0 ? 'people.invite-help' : 'people.invite-later')}</Text>
      {lines.map(({ server, line }) => <CopyField key={server} label={t('people.invite', { server })} value={line} />)}
    </Stack>
  );
}
