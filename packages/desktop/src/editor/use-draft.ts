import { useEffect, useState } from 'react';
import type { ConfigEdit } from '@redcontrol/contract';
import { useConnection } from '../connection/use-control.ts';
import { isDirty, type EditorDraft } from './editor-state.ts';

const draftDelayMs = 400;

/** Keeps on disk what was typed and not saved, so that neither a crash nor a reload loses it. Gives whether it is kept already. */
export function useDraft({ key, draft, isReady, run }: { key: string; draft: EditorDraft; isReady: boolean; run: (work: () => Promise<void>) => Promise<boolean> }): boolean {
  const connection = useConnection();
  const [kept, setKept] = useState<ConfigEdit[]>();
  const [attempt, setAttempt] = useState(0);
  const { revision, base, edits, isTyped } = draft;
  useEffect(() => {
    if (!isReady || kept === edits || !isDirty({ edits, isTyped })) return;
    const keep = () => void run(async () => {
      await connection.call('drafts.save', { key, value: { revision, base, edits, isTyped } });
      setKept(edits);
    });
    const timer = setTimeout(keep, draftDelayMs);
    // A page that is left does not live until the timer.
    addEventListener('pagehide', keep);
    return () => {
      clearTimeout(timer);
      removeEventListener('pagehide', keep);
    };
  }, [connection, key, isReady, revision, base, edits, kept, isTyped, run, attempt]);
  useEffect(() => connection.onState((next) => next === 'open' && setAttempt((before) => before + 1)), [connection]);
  return kept === edits;
}
