import { Anchor, Button, Group } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { Ban, RotateCcw } from 'lucide-react';
import type { RunDetails } from '@redcontrol/contract';
import { useDaemon, useDaemonAction } from '../../connection/use-control.ts';
import { RunChip } from '../../parts/chips.tsx';
import { subjectOf } from '../../parts/foreign-text.tsx';
import { LogPanel } from '../../parts/log/log-panel.tsx';
import { Answer, Empty, ErrorNote } from '../../parts/notes.tsx';
import { PageFrame } from '../../parts/page-frame.tsx';
import { useTranslate } from '../../words/language.tsx';
import { paths } from '../paths.ts';
import { FailedTests } from './failed-tests.tsx';
import { RunApps } from './run-apps.tsx';
import { RunFacts } from './run-facts.tsx';
import { StepTimeline } from './step-timeline.tsx';
import './run.css';

const openStates = ['queued', 'preparing', 'running', 'releasing'];

/** One run: its steps over time, their logs as they grow, what failed, and what can be done about it. */
export function RunPage() {
  const t = useTranslate();
  const { server = '', project = '', run: number = '' } = useParams();
  const run = Number(number);
  const query = useDaemon(server, 'run.show', { run });
  const details = query.data?.result;
  const crumbs = [{ text: t('nav.overview'), to: paths.overview }, { text: project, to: paths.project(server, project) }];
  return (
    <PageFrame width="wide" title={details ? `#${run} ${subjectOf(details.message)}` : `#${run}`} crumbs={crumbs} chip={details && <RunChip status={details.status} />} actions={details && <RunActions server={server} run={details} />}>
      <Answer query={query} lines={5}>{({ result }) => <RunContent server={server} run={result} />}</Answer>
    </PageFrame>
  );
}

function RunActions({ server, run }: { server: string; run: RunDetails }) {
  const t = useTranslate();
  const go = useNavigate();
  const cancel = useDaemonAction(server, 'run.cancel');
  const retry = useDaemonAction(server, 'run.retry');
  const isOpen = openStates.includes(run.status);
  const error = cancel.error ?? retry.error;
  return (
    <>
      {error && <ErrorNote error={error} />}
      {isOpen
        ? <Button variant="default" leftSection={<Ban size={15} aria-hidden />} loading={cancel.isPending} onClick={() => cancel.mutate({ run: run.id })}>{t('run.cancel')}</Button>
        : <Button variant="default" leftSection={<RotateCcw size={15} aria-hidden />} loading={retry.isPending} onClick={() => retry.mutate({ run: run.id }, { onSuccess: (next) => void go(paths.run(server, next.project, next.id)) })}>{t('run.retry')}</Button>}
    </>
  );
}

function RunContent({ server, run }: { server: string; run: RunDetails }) {
  const t = useTranslate();
  const [search, setSearch] = useSearchParams();
  const chosen = search.get('step');
  const [followed, setFollowed] = useState(() => stepToShow(run));
  // As long as nobody chose a step, the one that is running is shown.
  useEffect(() => {
    if (chosen === null) setFollowed(stepToShow(run));
  }, [run, chosen]);
  const index = chosen === null ? followed : Number(chosen);
  const step = run.steps.find((one) => one.index === index);
  return (
    <>
      {run.error && <ErrorNote error={run.error} />}
      <div className="run-grid">
        <div>
          <RunFacts run={run} />
          <StepTimeline run={run} chosen={index} onChoose={(next) => setSearch({ step: String(next) }, { replace: true })} />
          {run.apps && <RunApps apps={run.apps} />}
          <FailedTests tests={run.failedTests} />
        </div>
        <div className="run-log">
          {step ? <LogPanel key={`${run.id} ${step.index}`} server={server} run={run.id} step={step} /> : <div className="sheet"><Empty title={t('run.no-step')} /></div>}
        </div>
      </div>
      <Group fz="sm"><Anchor component={Link} to={paths.project(server, run.project)} fz="sm">{t('run.all-runs', { project: run.project })}</Anchor></Group>
    </>
  );
}

/** The step that failed, else the one under way, else the last that has a log. */
function stepToShow({ steps }: RunDetails): number {
  const found = steps.find(({ status }) => status === 'failed') ?? steps.find(({ status }) => status === 'running') ?? steps.findLast(({ logBytes }) => logBytes > 0) ?? steps[0];
  return found?.index ?? -1;
}
