import { useCallback, useEffect, useRef, useState } from 'react';
import type { StepRecord } from '@redcontrol/contract';
import { ErrorNote } from '../notes.tsx';
import { useLanguage } from '../../words/language.tsx';
import type { LogPlace } from './chunked-log.ts';
import { LogTools } from './log-tools.tsx';
import { LogView, type LogViewHandle } from './log-view.tsx';
import { errorWords, searchLog, type Found } from './search-log.ts';
import { useChunkedLog } from './use-chunked-log.ts';

const searchDelayMs = 200;

/** The log of one step with everything that is done with it. */
export function LogPanel({ server, run, step }: { server: string; run: number; step: StepRecord }) {
  const { t, say } = useLanguage();
  const isClosed = step.logSha256 !== null;
  const log = useChunkedLog({ server, run, step: step.index }, { totalBytes: step.logBytes, closed: isClosed });
  const view = useRef<LogViewHandle>(null);
  const [wrap, setWrap] = useState(false);
  const [follow, setFollow] = useState(!isClosed);
  const [query, setQuery] = useState('');
  const [current, setCurrent] = useState<LogPlace>();
  const found = useSearch(log, query);

  const show = useCallback((place: LogPlace | undefined) => {
    setCurrent(place);
    if (place) view.current?.show(place);
  }, []);
  const stepBy = (by: number) => {
    const matches = found?.matches ?? [];
    if (matches.length === 0) return;
    const index = matches.findIndex((match) => match.chunk === current?.chunk && match.line === current.line);
    show(matches[index === -1 ? (by > 0 ? 0 : matches.length - 1) : (index + by + matches.length) % matches.length]);
  };
  const showFirstError = async () => {
    const { matches } = await searchLog(log, { query: errorWords, signal: new AbortController().signal, onFound: () => {}, first: true });
    show(matches[0]);
    return matches.length > 0;
  };
  return (
    <div className="log-panel">
      <LogTools {...{ log, server, run, step, wrap, follow, query, found, current }} onWrap={setWrap} onFollow={setFollow} onQuery={setQuery} onStep={stepBy} onFirstError={showFirstError} />
      {log.error !== undefined && <ErrorNote error={log.error} />}
      <LogView ref={view} log={log} wrap={wrap} follow={follow} onFollow={setFollow} mark={query} current={current} label={t('log.of', { step: say(step.name) })} />
    </div>
  );
}

function useSearch(log: Parameters<typeof searchLog>[0], query: string): Found | undefined {
  const [found, setFound] = useState<Found>();
  useEffect(() => {
    setFound(undefined);
    if (query === '') return;
    const stop = new AbortController();
    const timer = setTimeout(() => void searchLog(log, { query, signal: stop.signal, onFound: setFound }), searchDelayMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [log, query]);
  return found;
}
