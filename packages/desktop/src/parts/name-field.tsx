import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { name as nameSchema } from '@redcontrol/contract';
import { useConfigEditor } from '../editor/editor-context.tsx';
import { mapAt, valueAt } from '../editor/read-data.ts';
import { useTranslate } from '../words/language.tsx';

/** Renames a key of a mapping when it is left: half a name would make two things of one. */
export function NameField({ label, path, w }: { label: string; path: readonly string[]; w?: number }) {
  const t = useTranslate();
  const editor = useConfigEditor();
  const name = path.at(-1) ?? '';
  const above = path.slice(0, -1);
  const [text, setText] = useState(name);
  const [error, setError] = useState<string>();
  const commit = () => {
    if (text === name) return setError(undefined);
    if (!nameSchema.safeParse(text).success) return setError(t('name.form'));
    if (Object.hasOwn(mapAt(editor.data, above), text)) return setError(t('name.taken'));
    setError(undefined);
    editor.edit([...above, text], valueAt(editor.data, path));
    editor.remove(path);
  };
  return <TextInput label={label} value={text} error={error} {...(w === undefined ? {} : { w })} onChange={(event) => setText(event.currentTarget.value)} onBlur={commit} onKeyDown={(event) => event.key === 'Enter' && commit()} spellCheck={false} />;
}
