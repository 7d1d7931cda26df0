import { LoaderCircle } from 'lucide-react';
import { Title } from '@mantine/core';
import type { RunDetails, StepRecord } from '@redcontrol/contract';
import { stepLook } from '../../parts/chips.tsx';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { Lasting, useNow } from '../../parts/time-text.tsx';
import { useLanguage, useTranslate } from '../../words/language.tsx';

/** The steps in their order, each with its state, how long it took, and when within the run. */
export function StepTimeline({ run, chosen, onChoose }: { run: RunDetails; chosen: number; onChoose: (step: number) => void }) {
  const t = useTranslate();
  const now = useNow();
  const start = Math.min(...run.steps.flatMap(({ startedAt }) => startedAt ?? []), now);
  const end = run.finishedAt ?? now;
  return (
    <section className="sheet" aria-labelledby="steps">
      <Title order={2} id="steps" fz="md" px="md" pt={12} pb={6}>{t('run.steps')}</Title>
      <ol className="plain-list run-steps">
        {run.steps.map((step) => <Step key={step.index} step={step} isChosen={step.index === chosen} onChoose={onChoose} span={spanOf(step, { start, end, now })} />)}
      </ol>
    </section>
  );
}

function Step({ step, isChosen, onChoose, span }: { step: StepRecord; isChosen: boolean; onChoose: (step: number) => void; span: { left: number; width: number } | undefined }) {
  const { t, say } = useLanguage();
  const { tone, icon: Icon } = stepLook(step.status);
  return (
    <li>
      <button type="button" className="run-step" aria-current={isChosen ? 'step' : undefined} onClick={() => onChoose(step.index)}>
        <span className="run-step-line">
          <span className="run-step-sign" data-tone={tone}><Icon size={16} aria-hidden className={Icon === LoaderCircle ? 'turning' : undefined} /></span>
          <span className="cut"><ForeignText text={say(step.name)} /></span>
          <span className="hidden-text">{t(`step.status.${step.status}`)}</span>
          <span className="run-step-time">{step.startedAt !== null ? <Lasting from={step.startedAt} to={step.finishedAt} /> : t(`step.status.${step.status}`)}</span>
        </span>
        <span className="run-step-bar" aria-hidden>{span && <span data-tone={tone} style={{ marginLeft: `${span.left}%`, width: `${span.width}%` }} />}</span>
        {step.exitCode !== null && step.exitCode !== 0 && <span className="run-step-exit">{t('run.exit', { code: String(step.exitCode) })}</span>}
      </button>
    </li>
  );
}

function spanOf({ startedAt, finishedAt }: StepRecord, { start, end, now }: { start: number; end: number; now: number }): { left: number; width: number } | undefined {
  if (startedAt === null) return undefined;
  const whole = Math.max(1, end - start);
  const left = Math.min(98, ((startedAt - start) / whole) * 100);
  return { left, width: Math.max(1.5, Math.min(100 - left, (((finishedAt ?? now) - startedAt) / whole) * 100)) };
}
