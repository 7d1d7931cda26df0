import { Button } from '@mantine/core';
import { Pause, Play } from 'lucide-react';
import type { EnvironmentState } from '@redcontrol/contract';
import { useDaemonAction } from '../../connection/use-control.ts';
import { ErrorNote, Note } from '../../parts/notes.tsx';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { Ago } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';

/** Holds deployments by pushes, or lets them go on. Missing where the daemon cannot. */
export function PauseButton({ server, state }: { server: string; state: EnvironmentState }) {
  const t = useTranslate();
  const pause = useDaemonAction(server, 'environment.pause');
  const resume = useDaemonAction(server, 'environment.resume');
  if (state.paused === undefined) return null;
  const place = { project: state.project, environment: state.name };
  const error = pause.error ?? resume.error;
  return (
    <>
      {error && <ErrorNote error={error} />}
      {state.paused
        ? <Button variant="default" leftSection={<Play size={15} aria-hidden />} loading={resume.isPending} onClick={() => resume.mutate(place)}>{t('pause.resume')}</Button>
        : <Button variant="default" leftSection={<Pause size={15} aria-hidden />} loading={pause.isPending} onClick={() => pause.mutate(place)}>{t('pause.do')}</Button>}
    </>
  );
}

export function PausedNote({ state: { paused } }: { state: EnvironmentState }) {
  const t = useTranslate();
  if (!paused) return null;
  return <Note tone="warn" icon={Pause} role="status"><strong>{t('pause.title')}</strong> <ForeignText text={paused.by} /> · <Ago at={paused.at} /><div>{t('pause.text')}</div></Note>;
}
