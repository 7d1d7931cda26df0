import { useCallback, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState, type KeyboardEvent, type Ref } from 'react';
import { useElementSize } from '@mantine/hooks';
import { useTranslate } from '../../words/language.tsx';
import { AnsiLine } from './ansi-line.tsx';
import type { ChunkedLog, LogPlace } from './chunked-log.ts';
import { anchorAt, isScaled, lineForScroll, rowHeightPx, scrollForLine, scrollHeightPx, topMost, type Anchor } from './log-scroll.ts';
import './log.css';

export interface LogViewHandle {
  show(place: LogPlace): void;
}

export interface LogViewProps {
  log: ChunkedLog;
  wrap: boolean;
  follow: boolean;
  onFollow: (follow: boolean) => void;
  mark: string;
  /** The match that is looked at. */
  current: LogPlace | undefined;
  label: string;
  ref?: Ref<LogViewHandle>;
}

const wheelLineModePx = rowHeightPx;

/** Shows the few lines of a log that are in view, whatever its length. */
export function LogView({ log, wrap, follow, onFollow, mark, current, label, ref }: LogViewProps) {
  const t = useTranslate();
  const box = useRef<HTMLDivElement>(null);
  const { ref: sizeRef, height } = useElementSize<HTMLDivElement>();
  const [anchor, setAnchor] = useState<Anchor>({ place: { chunk: 0, line: 0 }, part: 0 });
  const lines = log.lineCount;
  const last = topMost(lines, height);
  const top = follow ? last : Math.min(last, log.lineAt(anchor.place) + anchor.part);
  const first = Math.floor(top);
  const rows = Math.ceil(height / rowHeightPx) + 1;
  const place = { viewPx: height, lines };
  const atEnd = first >= last;

  const moveTo = useCallback((line: number) => {
    const lines = log.lineCount;
    const bounded = Math.min(topMost(lines, height), Math.max(0, line));
    setAnchor(anchorAt(log, bounded));
    const isAtEnd = bounded >= topMost(lines, height);
    if (isAtEnd !== follow) onFollow(isAtEnd && !log.closed ? true : follow && isAtEnd);
  }, [log, height, follow, onFollow]);

  // What scrolls is only told where the view stands, so that both never pull at each other.
  const wantedPx = scrollForLine({ line: top, ...place });
  const setPx = useRef(0);
  useLayoutEffect(() => {
    if (!box.current || height === 0) return;
    if (Math.abs(box.current.scrollTop - wantedPx) >= 1) box.current.scrollTop = wantedPx;
    // The browser may have put it elsewhere, where the box is not yet as tall: that is no scrolling either.
    setPx.current = box.current.scrollTop;
  }, [wantedPx, lines, height]);
  // At the end, what was added is read although no line of it is known yet.
  useEffect(() => {
    if (follow && log.chunkCount > 0 && log.error === undefined) void log.load(log.chunkCount - 1);
  }, [log, follow, log.version]);
  useImperativeHandle(ref, () => ({ show: (place) => {
    onFollow(false);
    setAnchor({ place: log.placeOf(Math.max(0, log.lineAt(place) - 3)), part: 0 });
  } }), [log, onFollow]);
  useWheel(box, useCallback((deltaPx) => moveTo(top + deltaPx / rowHeightPx), [moveTo, top]), isScaled(lines) || wrap);

  const onScroll = () => {
    const scrollTopPx = box.current?.scrollTop ?? 0;
    if (height === 0 || Math.abs(scrollTopPx - setPx.current) < 1) return;
    moveTo(lineForScroll({ scrollTopPx, ...place }));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = { ArrowUp: top - 1, ArrowDown: top + 1, PageUp: top - rows + 2, PageDown: top + rows - 2, Home: 0, End: last };
    const line = moves[event.key];
    if (line === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    moveTo(line);
  };
  const shown = Array.from({ length: Math.max(0, Math.min(rows, lines - first)) }, (_, index) => first + index);
  return (
    <div className="log-frame" ref={sizeRef}>
      <div className="log-box" ref={box} tabIndex={0} role="region" aria-label={label} onScroll={onScroll} onKeyDown={onKeyDown}>
        <div className="log-height" style={{ height: Math.max(height, scrollHeightPx(lines)) }}>
          <div className="log-rows" data-wrap={wrap || undefined} data-end={(wrap && atEnd) || undefined} style={{ height, transform: wrap || isScaled(lines) || atEnd ? undefined : `translateY(${-(top - first) * rowHeightPx}px)` }}>
            {lines === 0 && <div className="log-row log-empty">{log.closed ? t('log.empty') : t('log.waiting')}</div>}
            {shown.map((line) => <Row key={line} log={log} line={line} mark={mark} current={current} />)}
          </div>
        </div>
      </div>
    </div>
  );
}

function Row({ log, line, mark, current }: { log: ChunkedLog; line: number; mark: string; current: LogPlace | undefined }) {
  const text = log.textAt(line);
  const place = log.placeOf(line);
  const isCurrent = current !== undefined && current.chunk === place.chunk && current.line === place.line;
  return (
    <div className="log-row" data-current={isCurrent || undefined}>
      <span className="log-number" aria-hidden>{log.isExactBefore(place.chunk) ? line + 1 : '·'}</span>
      <span className="log-text">{text === undefined ? ' ' : <AnsiLine text={text} mark={mark} />}</span>
    </div>
  );
}

/** Turns the wheel into movement itself where the scrollbar's pixels are not the log's. */
function useWheel(box: { current: HTMLDivElement | null }, move: (deltaPx: number) => void, enabled: boolean): void {
  useEffect(() => {
    const element = box.current;
    if (!element || !enabled) return;
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
      event.preventDefault();
      move(event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * wheelLineModePx : event.deltaY);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [box, move, enabled]);
}
