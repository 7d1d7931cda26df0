import { Button, Group, Stack, Text } from '@mantine/core';
import { Ban, CalendarClock, History, Pause, Play, StepForward } from 'lucide-react';
import { useState } from 'react';
import type { JobState } from '@redcontrol/contract';
import { useDaemon, useDaemonAction } from '../../connection/use-control.ts';
import { JobRunChip, JobStateChip } from '../../parts/chips.tsx';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { Answer, Empty, ErrorNote } from '../../parts/notes.tsx';
import { Ago, In } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';
import { JobHistory } from './job-history.tsx';

const refreshMs = 3_000;

/** The scheduled jobs of an environment: when each ran and runs next, and what can be done with it. */
export function Jobs({ server, project, environment }: { server: string; project: string; environment: string }) {
  const t = useTranslate();
  const list = useDaemon(server, 'job.list', { project, environment }, { refetchInterval: refreshMs });
  const [opened, setOpened] = useState<string>();
  const actions = useJobActions(server);
  return (
    <Stack gap="sm">
      {actions.error && <ErrorNote error={actions.error} />}
      <Answer query={list}>
        {({ result }) => (result.length === 0 ? <div className="sheet"><Empty title={t('jobs.none')} icon={CalendarClock}>{t('jobs.none-text')}</Empty></div> : (
          <div className="sheet scrolls">
            <table className="facts">
              <thead><tr><th scope="col">{t('jobs.job')}</th><th scope="col">{t('state')}</th><th scope="col">{t('jobs.next')}</th><th scope="col">{t('jobs.last')}</th><th scope="col"><span className="hidden-text">{t('jobs.run')}</span></th></tr></thead>
              <tbody>{result.map((job) => <JobRow key={job.name} job={job} actions={actions} onHistory={() => setOpened(job.name)} />)}</tbody>
            </table>
          </div>
        ))}
      </Answer>
      {opened !== undefined && <JobHistory server={server} project={project} environment={environment} job={opened} onClose={() => setOpened(undefined)} />}
    </Stack>
  );
}

function useJobActions(server: string) {
  const [run, pause, resume, cancel] = [useDaemonAction(server, 'job.run'), useDaemonAction(server, 'job.pause'), useDaemonAction(server, 'job.resume'), useDaemonAction(server, 'job.cancel')];
  return { run, pause, resume, cancel, error: run.error ?? pause.error ?? resume.error ?? cancel.error };
}

function JobRow({ job, actions, onHistory }: { job: JobState; actions: ReturnType<typeof useJobActions>; onHistory: () => void }) {
  const t = useTranslate();
  const { project, environment, name, last } = job;
  const of = { project, environment, job: name };
  const isPaused = job.state === 'paused';
  const pausing = isPaused ? actions.resume : actions.pause;
  return (
    <tr>
      <td className="widest"><strong>{name}</strong> <span className="mono quiet">{job.cron} {job.timeZone}</span><Text fz="sm" c="dimmed" className="mono wraps"><ForeignText text={job.command} /></Text></td>
      <td><JobStateChip job={job} />{job.pausedBy !== null && <div className="quiet"><ForeignText text={t('jobs.paused-by', { name: job.pausedBy })} /></div>}</td>
      <td className="tight">{job.nextAt !== null ? <In at={job.nextAt} /> : isPaused ? '–' : t('jobs.not-deployed')}</td>
      <td className="tight">{last ? <><JobRunChip status={last.status} /> <Ago at={last.finishedAt ?? last.startedAt ?? last.dueAt} /></> : '–'}</td>
      <td>
        <Group gap={6} justify="flex-end" wrap="nowrap">
          {job.open > 0
            ? <Button size="compact-sm" variant="default" leftSection={<Ban size={13} aria-hidden />} onClick={() => actions.cancel.mutate(of)} aria-label={t('jobs.cancel-named', { name })}>{t('jobs.cancel')}</Button>
            : <Button size="compact-sm" variant="default" leftSection={<Play size={13} aria-hidden />} loading={actions.run.isPending} onClick={() => actions.run.mutate(of)} aria-label={t('jobs.run-named', { name })}>{t('jobs.run')}</Button>}
          <Button size="compact-sm" variant="default" leftSection={isPaused ? <StepForward size={13} aria-hidden /> : <Pause size={13} aria-hidden />} loading={pausing.isPending} onClick={() => pausing.mutate(of)} aria-label={t(isPaused ? 'jobs.resume-named' : 'jobs.pause-named', { name })}>{t(isPaused ? 'jobs.resume' : 'jobs.pause')}</Button>
          <Button size="compact-sm" variant="default" leftSection={<History size={13} aria-hidden />} onClick={onHistory} aria-label={t('jobs.history-of', { name })}>{t('jobs.history')}</Button>
        </Group>
      </td>
    </tr>
  );
}
