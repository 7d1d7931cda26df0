import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { Ban, CircleMinus, CirclePlus, Pencil, Play, Rocket } from 'lucide-react';
import { useCallback, useEffect } from 'react';
import type { Operation, ServerPlan } from '@redcontrol/contract';
import { useControl, useControlAction, useNotification } from '../../connection/use-control.ts';
import { useConfigEditor } from '../../editor/editor-context.tsx';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { Answer, Empty, ErrorNote, Note } from '../../parts/notes.tsx';
import { KeyWarnings } from '../../parts/key-warnings.tsx';
import { useLanguage, useTranslate } from '../../words/language.tsx';
import { addressOf, LoginHelp } from '../servers/login-help.tsx';
import { ApplyProgress } from './apply-progress.tsx';

/** What would be done, in words, and doing it. It goes on when this page is left. */
export function ApplyPanel({ file }: { file: string }) {
  const t = useTranslate();
  const editor = useConfigEditor();
  const jobs = useControl('apply.list', {});
  const start = useControlAction('apply.start', ['apply.list', 'secrets.held']);
  const latest = start.data ?? jobs.data?.filter(({ path }) => path === file).at(-1);
  if (editor.isDirty) {
    return <Note tone="warn"><strong>{t('apply.unsaved')}</strong><Group mt={8}><Button size="xs" onClick={() => void editor.save()}>{t('save')}</Button></Group></Note>;
  }
  if (editor.problems.length > 0) return <Note tone="bad"><strong>{t('apply.problems', { count: editor.problems.length })}</strong></Note>;
  return (
    <Stack gap="lg">
      {latest && <ApplyProgress key={latest.id} job={latest} onContinue={() => start.mutate({ path: file })} />}
      <KeyWarnings path={[]} />
      {start.isError && <ErrorNote error={start.error} />}
      <Plan file={file} isBusy={latest?.state === 'running' || start.isPending} onApply={() => start.mutate({ path: file })} jobId={latest?.id} />
    </Stack>
  );
}

function Plan({ file, isBusy, onApply, jobId }: { file: string; isBusy: boolean; onApply: () => void; jobId: number | undefined }) {
  const t = useTranslate();
  const plan = useControl('apply.plan', { path: file }, { staleTime: 0 });
  const { refetch } = plan;
  // A server that was out of reach is planned for as soon as it is back.
  useNotification('server.state', useCallback((link) => {
    if (link.state === 'reachable') void refetch();
  }, [refetch]));
  const job = useControl('apply.show', { job: jobId ?? 0 }, { enabled: jobId !== undefined });
  const isRunning = job.data?.state === 'running' || isBusy;
  useEffect(() => {
    if (jobId !== undefined && !isRunning) void refetch();
  }, [jobId, isRunning, refetch]);
  return (
    <Stack gap="md">
      <Group justify="space-between"><Title order={2}>{t('apply.plan')}</Title><Button variant="default" size="xs" loading={plan.isFetching} onClick={() => void refetch()}>{t('apply.look-again')}</Button></Group>
      <Answer query={plan}>
        {({ servers }) => (
          <>
            {servers.map((server) => <ServerOperations key={server.id} server={server} onChange={() => void refetch()} />)}
            <Group><Button size="md" leftSection={<Rocket size={17} aria-hidden />} onClick={onApply} loading={isRunning} disabled={plan.isFetching || servers.some(({ error }) => error !== null)}>{t('apply.do')}</Button></Group>
          </>
        )}
      </Answer>
    </Stack>
  );
}

function ServerOperations({ server: { id, name, error, operations }, onChange }: { server: ServerPlan; onChange: () => void }) {
  const t = useTranslate();
  const link = useControl('servers.list', {}).data?.find((one) => one.id === id);
  const changes = operations.filter(({ kind }) => kind !== 'keep');
  return (
    <section className="sheet part" aria-label={t('servers.of', { name })}>
      <Title order={3} mb={6}>{name}</Title>
      {error && <ErrorNote error={error}>{link && <LoginHelp error={error} address={addressOf(link)} onChange={onChange} />}</ErrorNote>}
      {!error && changes.length === 0 && <Empty title={t('apply.nothing')} />}
      <ol className="plain-list">{changes.map((operation) => <PlannedOperation key={operation.id} operation={operation} />)}</ol>
    </section>
  );
}

const signs = { create: [CirclePlus, 'ok'], change: [Pencil, 'busy'], remove: [CircleMinus, 'bad'], keep: [Ban, 'idle'], run: [Play, 'busy'] } as const;

function PlannedOperation({ operation: { kind, description, warning } }: { operation: Operation }) {
  const { t, say } = useLanguage();
  const [Sign, tone] = signs[kind];
  return (
    <li className="apply-step">
      <div className="apply-line">
        <span className="finding-sign" data-tone={tone}><Sign size={16} role="img" aria-label={t(`operation.${kind}`)} /></span>
        <div className="wraps"><ForeignText text={say(description)} />{warning && <Text fz="sm" c="var(--warn-ink)">{say(warning)}</Text>}</div>
      </div>
    </li>
  );
}
