import type { ConfigDocument, ConfigEdit } from '@redcontrol/contract';
import { withValue, type DataPath } from './read-data.ts';

/** A configuration while it is edited: a text, changes to it, and what comes of both. */
export interface EditorState {
  /** Revision of the file that `base` was read from; null for a project that has no file yet. */
  revision: string | null;
  base: string;
  edits: ConfigEdit[];
  /** The text was changed by hand, so that it differs from the file without any edits. */
  isTyped: boolean;
  data: unknown;
  /** The text with all edits, as control last gave it. */
  text: string;
  problems: ConfigDocument['problems'];
  /** What it asks for and is not done. */
  warnings: ConfigDocument['warnings'];
  /** Whether `text` and `problems` belong to the newest edit. */
  isChecked: boolean;
}

/** What of it is kept on disk, so that a crash loses nothing. */
export interface EditorDraft {
  revision: string | null;
  base: string;
  edits: ConfigEdit[];
  isTyped: boolean;
}

export type EditorAction =
  | ({ kind: 'load'; draft: EditorDraft } & ConfigDocument)
  | { kind: 'edit'; path: DataPath; value: unknown }
  | { kind: 'type'; text: string }
  | ({ kind: 'checked'; edits: ConfigEdit[]; base: string } & ConfigDocument);

export function reduceEditor(state: EditorState, action: EditorAction): EditorState {
  switch (action.kind) {
    case 'load':
      return { ...action.draft, text: action.text, data: action.data, problems: action.problems, warnings: action.warnings, isChecked: true };
    case 'edit':
      return { ...state, edits: withEdit(state.edits, action), data: withValue(state.data, action.path, action.value), isChecked: false };
    case 'type':
      return { ...state, base: action.text, edits: [], text: action.text, isTyped: true, isChecked: false };
    case 'checked':
      // An answer to an older state is not shown: the next one is on its way.
      if (action.edits !== state.edits || action.base !== state.base) return state;
      return { ...state, text: action.text, problems: action.problems, warnings: action.warnings, data: action.data ?? state.data, isChecked: true };
  }
}

export function isDirty({ edits, isTyped }: Pick<EditorState, 'edits' | 'isTyped'>): boolean {
  return edits.length > 0 || isTyped;
}

/** Typing in one field is one edit, not one a letter. */
function withEdit(edits: readonly ConfigEdit[], { path, value }: { path: DataPath; value: unknown }): ConfigEdit[] {
  const edit: ConfigEdit = value === undefined ? { path: [...path], remove: true } : { path: [...path], value };
  const last = edits.at(-1);
  const replaces = last !== undefined && !last.remove && !edit.remove && JSON.stringify(last.path) === JSON.stringify(path);
  return replaces ? [...edits.slice(0, -1), edit] : [...edits, edit];
}
