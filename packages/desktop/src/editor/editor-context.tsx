import { createContext, useContext } from 'react';
import { problemText } from '../words/problem-text.ts';
import { useLanguage } from '../words/language.tsx';
import type { ConfigEditor } from './use-editor.ts';
import { startsWith, textAt, type DataPath } from './read-data.ts';

interface EditorAround {
  editor: ConfigEditor;
  /** Whether fields that are still empty say that they must not be. */
  showsMissing: boolean;
}

export const EditorContext = createContext<EditorAround | undefined>(undefined);

export function useConfigEditor(): ConfigEditor {
  return useAround().editor;
}

export interface FieldBinding {
  value: string;
  onChange: (text: string) => void;
  error: string | undefined;
}

/** Ties a text field to a place in the configuration; an empty field removes what is optional. */
export function useField(path: DataPath, { required = false, toValue = (text: string): unknown => text }: { required?: boolean; toValue?: (text: string) => unknown } = {}): FieldBinding {
  const { editor } = useAround();
  const error = useProblem(path);
  return {
    value: textAt(editor.data, path),
    onChange: (text) => (text === '' && !required ? editor.remove(path) : editor.edit(path, text === '' ? '' : toValue(text))),
    error,
  };
}

/** What is wrong at a place or below it, in words; undefined while nothing is, or while the field is only still empty. */
export function useProblem(path: DataPath, { below = true }: { below?: boolean } = {}): string | undefined {
  const { editor, showsMissing } = useAround();
  const { say, t } = useLanguage();
  const problem = editor.problems.find((one) => startsWith(one.path, path) && (below || one.path.length === path.length));
  if (!problem) return undefined;
  if (!showsMissing && textAt(editor.data, problem.path) === '') return undefined;
  return problemText(problem, { say, t });
}

function useAround(): EditorAround {
  const around = useContext(EditorContext);
  if (!around) throw new Error('Expected an editor around this part of the page');
  return around;
}
