import { useConfigEditor } from '../editor/editor-context.tsx';
import { startsWith, type DataPath } from '../editor/read-data.ts';
import { useLanguage } from '../words/language.tsx';
import { Note } from './notes.tsx';

/** What the configuration asks for at a place, or below it, and this version does not do; `except` are places that say it themselves. */
export function KeyWarnings({ path, except = [] }: { path: DataPath; except?: readonly DataPath[] }) {
  const { say } = useLanguage();
  const { warnings } = useConfigEditor();
  return warnings
    .filter((one) => startsWith(one.path, path) && !except.some((other) => startsWith(one.path, other)))
    .map(({ path: at, text }) => <Note key={`${at.join('.')} ${text}`} tone="warn">{say(text).replaceAll('`', '')}</Note>);
}
