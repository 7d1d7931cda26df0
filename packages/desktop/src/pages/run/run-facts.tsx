import { Stack } from '@mantine/core';
import { GitBranch, GitCommitHorizontal, Tag, User, Clock, Rocket, Play, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RunDetails } from '@redcontrol/contract';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { Ago, Lasting } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';

/** Who, what, when. */
export function RunFacts({ run }: { run: RunDetails }) {
  const t = useTranslate();
  const startedBy = run.startedBy === '' ? '' : ` · ${run.startedBy}`;
  return (
    <Stack component="dl" gap={8} className="sheet run-facts" m={0} mb="md">
      <Fact icon={run.refKind === 'tag' ? Tag : GitBranch} label={t(`run.ref.${run.refKind}`)}><ForeignText text={run.ref} /></Fact>
      <Fact icon={GitCommitHorizontal} label={t('run.commit')}><span className="mono">{run.commit.slice(0, 12)}</span></Fact>
      <Fact icon={User} label={t('run.author')}><ForeignText text={run.author} title={run.authorEmail} /></Fact>
      <Fact icon={Play} label={t('run.trigger')}>{t(`run.trigger.${run.trigger}`)}<ForeignText text={startedBy} />{run.attempt > 1 && ` · ${t('run.attempt', { count: run.attempt })}`}</Fact>
      <Fact icon={Clock} label={t('run.time')}>
        <Ago at={run.createdAt} />{run.startedAt !== null && <> · <Lasting from={run.startedAt} to={run.finishedAt} /></>}
      </Fact>
      <Fact icon={Rocket} label={t('run.deploys-to')}>{run.environments.length > 0 ? run.environments.join(', ') : t('run.deploys-nowhere')}</Fact>
    </Stack>
  );
}

function Fact({ icon: Icon, label, children }: { icon: LucideIcon; label: string; children: ReactNode }) {
  return (
    <div className="run-fact">
      <dt><Icon size={15} aria-hidden /><span>{label}</span></dt>
      <dd className="wraps">{children}</dd>
    </div>
  );
}
