import { Button, Group, Progress, Stack, Title } from '@mantine/core';
import { Ban, Check, CircleDashed, LoaderCircle, Play, SkipForward, X } from 'lucide-react';
import type { ApplyJob, ApplyStep } from '@redcontrol/contract';
import { useControl, useControlAction } from '../../connection/use-control.ts';
import { ForeignText, showHidden } from '../../parts/foreign-text.tsx';
import { ErrorNote, Note } from '../../parts/notes.tsx';
import { Lasting, useNow } from '../../parts/time-text.tsx';
import { useFormats } from '../../words/formats.ts';
import { useLanguage, useTranslate } from '../../words/language.tsx';
import { timeLeftMs } from './time-left.ts';

const ended: readonly ApplyStep['state'][] = ['done', 'skipped'];

/** An apply, live: what is done, what it says, how far it is. */
export function ApplyProgress({ job: given, onContinue }: { job: ApplyJob; onContinue: () => void }) {
  const t = useTranslate();
  const cancel = useControlAction('apply.cancel');
  const job = useControl('apply.show', { job: given.id }).data ?? given;
  const doneCount = job.steps.filter(({ state }) => ended.includes(state)).length;
  const share = job.state === 'succeeded' ? 100 : job.steps.length === 0 ? 0 : (doneCount / job.steps.length) * 100;
  const isRunning = job.state === 'running';
  return (
    <Stack gap="sm" component="section" aria-labelledby="apply-progress">
      <Group justify="space-between">
        <Title order={2} id="apply-progress">{t(`apply.${job.state}`)}</Title>
        <Group gap="sm">
          <span className="quiet"><Lasting from={job.startedAt} to={job.finishedAt} />{isRunning && <TimeLeft steps={job.steps} />}</span>
          {isRunning && <Button variant="default" leftSection={<Ban size={15} aria-hidden />} loading={cancel.isPending} onClick={() => cancel.mutate({ job: job.id })}>{t('cancel')}</Button>}
          {(job.state === 'failed' || job.state === 'cancelled') && <Button variant="default" leftSection={<Play size={15} aria-hidden />} onClick={onContinue}>{t('apply.continue')}</Button>}
        </Group>
      </Group>
      <Progress value={share} animated={isRunning} aria-label={t('apply.progress', { done: doneCount, all: job.steps.length })} />
      {job.error && <ErrorNote error={job.error} />}
      {job.state === 'succeeded' && <Note tone="ok" icon={Check} role="status">{t('apply.succeeded-text')}</Note>}
      <div className="sheet part">
        <ol className="plain-list">{job.steps.map((step) => <Step key={`${step.server} ${step.id}`} step={step} />)}</ol>
        {job.steps.length === 0 && <span className="quiet">{t('apply.looking')}</span>}
      </div>
    </Stack>
  );
}

/** Told where it is known of everything that is still to be done how long it took before. */
function TimeLeft({ steps }: { steps: readonly ApplyStep[] }) {
  const t = useTranslate();
  const formats = useFormats();
  const leftMs = timeLeftMs(steps, useNow());
  return leftMs === undefined ? null : <> · {t('apply.left', { duration: formats.duration(Math.ceil(leftMs / 1000) * 1000) })}</>;
}

const looks = { waiting: [CircleDashed, 'idle'], started: [LoaderCircle, 'busy'], done: [Check, 'ok'], failed: [X, 'bad'], skipped: [SkipForward, 'idle'] } as const;

function Step({ step }: { step: ApplyStep }) {
  const { t, say } = useLanguage();
  const [Sign, tone] = looks[step.state];
  const output = step.output.trimEnd();
  return (
    <li className="apply-step">
      <div className="apply-line">
        <span className="finding-sign" data-tone={tone}><Sign size={16} role="img" aria-label={t(`apply.step.${step.state}`)} className={step.state === 'started' ? 'turning' : undefined} /></span>
        <span className="wraps"><ForeignText text={say(step.description)} /></span>
        <span className="end">{step.startedAt !== null && step.state !== 'waiting' && <Lasting from={step.startedAt} to={step.state === 'started' ? null : step.finishedAt} />}</span>
      </div>
      {output !== '' && (step.state === 'started' || step.state === 'failed') && <pre className="apply-output">{showHidden(output)}</pre>}
    </li>
  );
}
