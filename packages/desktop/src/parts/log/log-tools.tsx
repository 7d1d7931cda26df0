import { ActionIcon, Button, Group, TextInput } from '@mantine/core';
import { ArrowDown, ArrowDownToLine, ArrowUp, Check, Copy, Download, Search, TriangleAlert, WrapText } from 'lucide-react';
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import type { StepRecord } from '@redcontrol/contract';
import { useFormats } from '../../words/formats.ts';
import { useTranslate } from '../../words/language.tsx';
import type { ChunkedLog, LogPlace } from './chunked-log.ts';
import { plainLine, type Found } from './search-log.ts';

/** More than this does not belong into a clipboard: the download is for it. */
const maxCopiedBytes = 8 * 1024 * 1024;

export interface LogToolsProps {
  log: ChunkedLog;
  server: string;
  run: number;
  step: StepRecord;
  wrap: boolean;
  follow: boolean;
  query: string;
  found: Found | undefined;
  current: LogPlace | undefined;
  onWrap: (wrap: boolean) => void;
  onFollow: (follow: boolean) => void;
  onQuery: (query: string) => void;
  onStep: (by: number) => void;
  /** Answers whether there was one. */
  onFirstError: () => Promise<boolean>;
}

export function LogTools({ log, server, run, step, wrap, follow, query, found, current, onWrap, onFollow, onQuery, onStep, onFirstError }: LogToolsProps) {
  const t = useTranslate();
  const formats = useFormats();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') onQuery('');
  };
  return (
    <div className="log-tools">
      <TextInput size="xs" w={165} aria-label={t('log.search')} placeholder={t('log.search')} leftSection={<Search size={14} aria-hidden />} value={query} onChange={(event) => onQuery(event.currentTarget.value)} onKeyDown={onKeyDown} />
      <Group gap={2} wrap="nowrap">
        <Tool label={t('log.previous')} onClick={() => onStep(-1)} disabled={!found?.count}><ArrowUp size={15} /></Tool>
        <Tool label={t('log.next')} onClick={() => onStep(1)} disabled={!found?.count}><ArrowDown size={15} /></Tool>
      </Group>
      <span role="status">{query !== '' && <SearchState found={found} current={current} />}</span>
      <span className="grows" />
      <span>{formats.bytes(log.totalBytes)}</span>
      <FirstErrorButton onFirstError={onFirstError} />
      <Tool label={t('log.wrap')} pressed={wrap} onClick={() => onWrap(!wrap)}><WrapText size={15} /></Tool>
      <Tool label={t('log.follow')} pressed={follow} onClick={() => onFollow(!follow)}><ArrowDownToLine size={15} /></Tool>
      <CopyTool log={log} />
      <ActionIcon component="a" href={`/download/log?server=${encodeURIComponent(server)}&run=${run}&step=${step.index}`} download variant="default" size={28} aria-label={t('log.download')} title={t('log.download')}>
        <Download size={15} aria-hidden />
      </ActionIcon>
    </div>
  );
}

function SearchState({ found, current }: { found: Found | undefined; current: LogPlace | undefined }) {
  const t = useTranslate();
  const formats = useFormats();
  if (!found) return t('log.searching', { share: formats.percent(0) });
  const index = found.matches.findIndex((match) => match.chunk === current?.chunk && match.line === current.line);
  const count = t('log.matches', { count: found.count });
  if (!found.done) return `${count} · ${t('log.searching', { share: formats.percent(found.share) })}`;
  return index === -1 ? count : `${formats.number(index + 1)} / ${count}`;
}

function FirstErrorButton({ onFirstError }: { onFirstError: () => Promise<boolean> }) {
  const t = useTranslate();
  const [state, setState] = useState<'idle' | 'looking' | 'none'>('idle');
  const look = async () => {
    setState('looking');
    setState((await onFirstError()) ? 'idle' : 'none');
  };
  return (
    <Button size="compact-sm" h={28} variant="default" leftSection={<TriangleAlert size={14} aria-hidden />} loading={state === 'looking'} onClick={() => void look()}>
      {state === 'none' ? t('log.no-error') : t('log.first-error')}
    </Button>
  );
}

function CopyTool({ log }: { log: ChunkedLog }) {
  const t = useTranslate();
  const [copied, setCopied] = useState(false);
  const isTooBig = log.totalBytes > maxCopiedBytes;
  const copy = async () => {
    const lines: string[] = [];
    for (let chunk = 0; chunk < log.chunkCount; chunk += 1) lines.push(...(await log.linesIn(chunk)).map(plainLine));
    await navigator.clipboard.writeText(lines.join('\n'));
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return <Tool label={isTooBig ? t('log.too-big') : copied ? t('log.copied') : t('log.copy')} disabled={isTooBig} onClick={() => void copy()}>{copied ? <Check size={15} /> : <Copy size={15} />}</Tool>;
}

function Tool({ label, pressed, disabled, onClick, children }: { label: string; pressed?: boolean; disabled?: boolean; onClick: () => void; children: ReactNode }) {
  return (
    <ActionIcon variant="default" size={28} aria-label={label} title={label} aria-pressed={pressed} disabled={disabled} onClick={onClick}>{children}</ActionIcon>
  );
}
