import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { asRedControlError, type ConfigFile, type RedControlError } from '@redcontrol/contract';
import { useConnection, useNotification } from '../connection/use-control.ts';
import { isDirty, reduceEditor, type EditorDraft, type EditorState } from './editor-state.ts';
import type { DataPath } from './read-data.ts';
import { useDraft } from './use-draft.ts';

const checkDelayMs = 150;
const empty: EditorState = { revision: null, base: '', edits: [], isTyped: false, data: {}, text: '', problems: [], warnings: [], isChecked: true };

export interface ConfigEditor extends EditorState {
  /** undefined: a project that has no file yet. */
  path: string | undefined;
  status: 'loading' | 'ready' | 'failed';
  error: RedControlError | undefined;
  isDirty: boolean;
  /** Whether what was typed and not saved is kept on disk already. */
  isKept: boolean;
  /** The file as it is now, when it was changed under edits that are not saved. */
  conflict: ConfigFile | undefined;
  edit(path: DataPath, value: unknown): void;
  remove(path: DataPath): void;
  type(text: string): void;
  save(): Promise<boolean>;
  /** Forgets all edits. */
  discard(): Promise<void>;
  /** Puts the edits onto the file as it is now. */
  rebase(): void;
}

/** Edits a configuration file, or with `path` undefined the text of a new one that begins as `template`. */
export function useEditor({ path, template = '' }: { path: string | undefined; template?: string }): ConfigEditor {
  const connection = useConnection();
  const queries = useQueryClient();
  const [state, dispatch] = useReducer(reduceEditor, empty);
  const [status, setStatus] = useState<ConfigEditor['status']>('loading');
  const [error, setError] = useState<RedControlError>();
  const [conflict, setConflict] = useState<ConfigFile>();
  const [attempt, setAttempt] = useState(0);
  const latest = useRef(state);
  latest.current = state;
  // A write of our own is told like any other: it is known by its revision, once it has one.
  const saving = useRef(Promise.resolve(true));
  const written = useRef<string>(undefined);
  const draftKey = path === undefined ? 'new project' : `settings ${path}`;

  const show = useCallback(async (draft: EditorDraft) => {
    const document = await connection.call('config.compose', { text: draft.base, edits: draft.edits });
    dispatch({ kind: 'load', draft, ...document });
    setStatus('ready');
    setError(undefined);
  }, [connection]);

  const load = useCallback(async () => {
    const file = path === undefined ? undefined : await connection.call('config.read', { path });
    const draft = (await connection.call('drafts.load', { key: draftKey })).value as EditorDraft | null;
    const fresh: EditorDraft = { revision: file?.revision ?? null, base: file?.text ?? template, edits: [], isTyped: false };
    const isOld = file !== undefined && draft !== null && draft.revision !== file.revision && isDirty(draft);
    setConflict(isOld ? file : undefined);
    await show(draft !== null && (isDirty(draft) || path === undefined) ? draft : fresh);
  }, [connection, path, draftKey, template, show]);

  const run = useCallback(async (work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (thrown) {
      setError(asRedControlError(thrown));
      return false;
    }
  }, []);
  // Loaded once, and not again over what was typed since: only what failed is tried anew.
  const loaded = useRef<typeof load>(undefined);
  useEffect(() => {
    if (loaded.current === load) return;
    loaded.current = load;
    setStatus('loading');
    void run(load).then((isDone) => {
      if (isDone) return;
      loaded.current = undefined;
      setStatus('failed');
    });
  }, [load, run, attempt]);
  // What failed because the connection was cut is done with the new one.
  useEffect(() => connection.onState((next) => next === 'open' && setAttempt((before) => before + 1)), [connection]);

  // A change by hand appears at once; under edits that are not saved it is shown as a conflict.
  useNotification('config.changed', useCallback((changed) => {
    if (changed.path !== path) return;
    void run(async () => {
      await saving.current;
      const file = await connection.call('config.read', { path: changed.path });
      if (file.revision === latest.current.revision || file.revision === written.current) return setConflict(undefined);
      if (isDirty(latest.current)) setConflict(file);
      else await show({ revision: file.revision, base: file.text, edits: [], isTyped: false });
    });
  }, [connection, path, run, show]));

  const { base, edits, isChecked, isTyped, revision } = state;
  useEffect(() => {
    if (isChecked) return;
    const timer = setTimeout(() => void run(async () => {
      dispatch({ kind: 'checked', base, edits, ...(await connection.call('config.compose', { text: base, edits })) });
      setError(undefined);
    }), checkDelayMs);
    return () => clearTimeout(timer);
  }, [connection, base, edits, isChecked, run, attempt]);
  const isKept = useDraft({ key: draftKey, draft: { revision, base, edits, isTyped }, isReady: status === 'ready', run });

  const forget = () => connection.call('drafts.remove', { key: draftKey });
  return {
    ...state, path, status, error, conflict, isDirty: isDirty(state), isKept,
    edit: useCallback((at, value) => dispatch({ kind: 'edit', path: at, value }), []),
    remove: useCallback((at) => dispatch({ kind: 'edit', path: at, value: undefined }), []),
    type: useCallback((text) => dispatch({ kind: 'type', text }), []),
    save: () => (saving.current = run(async () => {
      if (path === undefined || state.revision === null) return;
      const { text } = await connection.call('config.compose', { text: state.base, edits: state.edits });
      const file = await connection.call('config.write', { path, revision: state.revision, text });
      written.current = file.revision;
      await forget();
      await show({ revision: file.revision, base: file.text, edits: [], isTyped: false });
      await queries.invalidateQueries({ queryKey: ['control', 'projects.list'] });
    })),
    discard: async () => {
      // First here, so that no draft of what is discarded is on its way any more.
      dispatch({ kind: 'load', draft: { ...state, edits: [], isTyped: false }, text: state.base, data: state.data, problems: [], warnings: [] });
      setConflict(undefined);
      await forget();
      await run(load);
    },
    rebase: () => {
      if (!conflict) return;
      // What was typed by hand has no edits to repeat: it takes the file's place as a whole.
      const next = state.isTyped ? { ...state, revision: conflict.revision } : { revision: conflict.revision, base: conflict.text, edits: state.edits, isTyped: false };
      setConflict(undefined);
      void run(() => show({ revision: next.revision, base: next.base, edits: next.edits, isTyped: next.isTyped }));
    },
  };
}
