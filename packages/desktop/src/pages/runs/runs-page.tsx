import { Select } from '@mantine/core';
import { Activity } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useQueries } from '@tanstack/react-query';
import type { RunRecord } from '@redcontrol/contract';
import { callDaemon, useConnection, useControl } from '../../connection/use-control.ts';
import { Empty, ErrorNote, Loading } from '../../parts/notes.tsx';
import { PageFrame } from '../../parts/page-frame.tsx';
import { useTranslate } from '../../words/language.tsx';
import { RunTable, type PlacedRun } from './run-table.tsx';

const maxRuns = 1000;

/** Runs of all projects, newest first. */
export function RunsPage() {
  const t = useTranslate();
  const [project, setProject] = useState<string | null>(null);
  const { runs, isLoading, error } = useAllRuns();
  const projects = useMemo(() => [...new Set(runs.map(({ run }) => run.project))].sort(), [runs]);
  const shown = project === null ? runs : runs.filter(({ run }) => run.project === project);
  const filter = projects.length > 1 && <Select aria-label={t('runs.project')} placeholder={t('runs.all-projects')} data={projects} value={project} onChange={setProject} clearable w={220} />;
  return (
    <PageFrame title={t('nav.runs')} actions={filter}>
      {error !== undefined && <ErrorNote error={error} />}
      {isLoading ? <Loading lines={5} /> : shown.length === 0 ? <div className="sheet"><Empty title={t('runs.none')} icon={Activity}>{t('runs.none-text')}</Empty></div> : <RunTable runs={shown} showProject label={t('nav.runs')} />}
    </PageFrame>
  );
}

function useAllRuns(): { runs: PlacedRun[]; isLoading: boolean; error: unknown } {
  const connection = useConnection();
  const servers = useControl('servers.list', {});
  const answers = useQueries({
    queries: (servers.data ?? []).map(({ id, state }) => ({
      queryKey: ['daemon', id, 'run.list', { limit: maxRuns }], enabled: state !== 'connecting',
      queryFn: ({ signal }: { signal: AbortSignal }) => callDaemon(connection, { server: id, method: 'run.list', params: { limit: maxRuns }, signal }),
    })),
    combine: (results) => ({ lists: results.map(({ data }) => data?.result), isLoading: results.some((result) => result.isPending), error: results.find((result) => result.error)?.error ?? undefined }),
  });
  const runs = useMemo(() => (answers.lists.flatMap((list: RunRecord[] | undefined, index) => (list ?? []).map((run) => ({ server: servers.data?.[index]?.id ?? '', run }))))
    .sort((one, other) => other.run.createdAt - one.run.createdAt), [answers.lists, servers.data]);
  return { runs, isLoading: servers.isPending || (answers.isLoading && runs.length === 0 && !answers.error), error: runs.length === 0 ? answers.error : undefined };
}
