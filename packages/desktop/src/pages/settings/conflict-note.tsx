import { Button, Group } from '@mantine/core';
import type { ConfigFile } from '@redcontrol/contract';
import type { ConfigEditor } from '../../editor/use-editor.ts';
import { Note } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';

/** The file was changed by somebody else under edits that are not saved: nothing of either is lost without being asked. */
export function ConflictNote({ editor, file }: { editor: ConfigEditor; file: ConfigFile }) {
  const t = useTranslate();
  return (
    <Note tone="warn" role="alert">
      <strong>{t('conflict.title')}</strong>
      <div>{editor.isTyped ? t('conflict.typed') : t('conflict.edits', { count: editor.edits.length })}</div>
      <Group gap="xs" mt={8}>
        <Button size="xs" variant="default" onClick={editor.rebase}>{editor.isTyped ? t('conflict.overwrite') : t('conflict.rebase')}</Button>
        <Button size="xs" variant="default" onClick={() => void editor.discard()}>{t('conflict.take-file')}</Button>
      </Group>
      <details><summary>{t('conflict.show-file')}</summary><pre className="apply-output">{file.text}</pre></details>
    </Note>
  );
}
