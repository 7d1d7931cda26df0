import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { CircleAlert, Info, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import { asRedControlError, isErrorCode, type ErrorCode } from '@redcontrol/contract';
import { useLanguage, useTranslate } from '../words/language.tsx';
import { ErrorHelp } from './error-help.tsx';
import { showHidden } from './foreign-text.tsx';
import { Ago } from './time-text.tsx';

export function Note({ tone, icon: Icon = tone === 'bad' ? CircleAlert : tone === 'warn' ? TriangleAlert : Info, children, role }: { tone: 'bad' | 'warn' | 'busy' | 'ok'; icon?: LucideIcon; children: ReactNode; role?: 'alert' | 'status' }) {
  return (
    <div className="note" data-tone={tone} role={role}>
      <Icon size={17} aria-hidden />
      <div className="wraps">{children}</div>
    </div>
  );
}

/** What went wrong: its kind in the page's language, the exact words, and its cause and remedy. */
export function ErrorNote({ error, onRetry, children }: { error: unknown; onRetry?: () => void; children?: ReactNode }) {
  const { t, say, language } = useLanguage();
  const { code, message, hint } = inWords(error);
  const said = say(message);
  // Where the page's language has no words for it, what came is shown as what it is: English.
  const isForeign = language !== 'en' && said === message;
  return (
    <Note tone="bad" role="alert">
      <strong>{t(`error.${code}`)}</strong>
      <div lang={isForeign ? 'en' : undefined} className={isForeign ? 'quiet' : undefined}>{showHidden(said)}</div>
      {hint && language === 'en' && <div>{showHidden(hint)}</div>}
      <ErrorHelp code={code} isOpen={language !== 'en' || !hint} />
      {children}
      {onRetry && <Button mt={8} size="xs" variant="default" onClick={onRetry}>{t('again')}</Button>}
    </Note>
  );
}

/** An error among other things, e.g. of a release long ago: its kind, and the exact words. */
export function ErrorLine({ error }: { error: unknown }) {
  const { t, say, language } = useLanguage();
  const { code, message } = inWords(error);
  const said = say(message);
  return <Text fz="sm" c="var(--bad-ink)" className="wraps">{t(`error.${code}`)} <span lang={said === message && language !== 'en' ? 'en' : undefined}>({showHidden(said)})</span></Text>;
}

export function Empty({ title, children, icon: Icon }: { title: string; children?: ReactNode; icon?: LucideIcon }) {
  return (
    <Stack align="center" gap={6} py={44} px="md" ta="center">
      {Icon && <Icon size={30} strokeWidth={1.5} aria-hidden />}
      <strong>{title}</strong>
      {children}
    </Stack>
  );
}

export function Loading({ lines = 3 }: { lines?: number }) {
  const t = useTranslate();
  return (
    <Stack gap={10} p="md" role="status" aria-label={t('loading')}>
      {Array.from({ length: lines }, (_, index) => <Skeleton key={index} height={18} width={`${90 - index * 17}%`} />)}
    </Stack>
  );
}

/** The three states of something that is read: on its way, failed, or there. */
export function Answer<Data>({ query, lines, children }: { query: UseQueryResult<Data, unknown>; lines?: number; children: (data: Data) => ReactNode }) {
  if (query.data !== undefined) return <><OldMark data={query.data} />{children(query.data)}</>;
  if (query.isError) return <ErrorNote error={query.error} onRetry={() => void query.refetch()} />;
  return <Loading {...(lines === undefined ? {} : { lines })} />;
}

/** What a server out of reach said last is shown with when it said that. */
function OldMark({ data }: { data: unknown }) {
  const t = useTranslate();
  if (typeof data !== 'object' || data === null || !('old' in data) || data.old !== true || !('at' in data)) return null;
  return <Text fz="sm" c="dimmed">{t('old.shown')} <Ago at={Number(data.at)} /></Text>;
}

/** Errors come thrown, or as they crossed a border: in a run, a release, a plan. */
function inWords(error: unknown): { code: ErrorCode; message: string; hint?: string | undefined } {
  if (!(error instanceof Error) && typeof error === 'object' && error !== null && 'code' in error && 'message' in error) {
    const { code, message, hint } = error as { code: string; message: string; hint?: string };
    return { code: isErrorCode(code) ? code : 'INTERNAL', message, hint };
  }
  return asRedControlError(error);
}
