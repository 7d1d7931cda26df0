import { Ban, Check, CircleDashed, CircleSlash, Clock, LoaderCircle, MinusCircle, Pause, RotateCcw, TriangleAlert, X, type LucideIcon } from 'lucide-react';
import { memo } from 'react';
import type { EnvironmentState, JobRunStatus, JobState, ReleaseState, RunStatus, ServerLink, StepStatus } from '@redcontrol/contract';
import { useTranslate } from '../words/language.tsx';
import type { WordKey } from '../words/translate.ts';

export type Tone = 'ok' | 'bad' | 'busy' | 'idle' | 'warn';

/** A state as word, sign and colour: never by colour alone. */
export function Chip({ tone, icon: Icon, turning, children }: { tone: Tone; icon?: LucideIcon; turning?: boolean; children: React.ReactNode }) {
  return (
    <span className="chip" data-tone={tone}>
      {Icon && <Icon size={13} strokeWidth={2.5} aria-hidden className={turning ? 'turning' : undefined} />}
      {children}
    </span>
  );
}

type Look = [Tone, LucideIcon];

const runLooks: Record<RunStatus, Look> = {
  queued: ['idle', Clock], preparing: ['busy', LoaderCircle], running: ['busy', LoaderCircle], releasing: ['busy', LoaderCircle],
  succeeded: ['ok', Check], failed: ['bad', X], cancelled: ['idle', Ban], superseded: ['idle', MinusCircle],
};
const stepLooks: Record<StepStatus, Look> = {
  pending: ['idle', CircleDashed], running: ['busy', LoaderCircle], passed: ['ok', Check], failed: ['bad', X],
  skipped: ['idle', CircleSlash], cancelled: ['idle', Ban], 'allowed-failure': ['warn', TriangleAlert],
};
const releaseLooks: Record<ReleaseState, Look> = {
  migrating: ['busy', LoaderCircle], starting: ['busy', LoaderCircle], switching: ['busy', LoaderCircle], watching: ['busy', LoaderCircle],
  live: ['ok', Check], retired: ['idle', MinusCircle], failed: ['bad', X], reverted: ['warn', RotateCcw],
};
const healthLooks: Record<EnvironmentState['health'], Look> = {
  never: ['idle', CircleDashed], up: ['ok', Check], down: ['bad', X], deploying: ['busy', LoaderCircle], stopped: ['warn', Pause],
};
const jobLooks: Record<JobState['state'], Look> = { waiting: ['idle', CircleDashed], ok: ['ok', Check], failing: ['bad', X], paused: ['warn', Pause] };
const jobRunLooks: Record<JobRunStatus, Look> = {
  due: ['idle', Clock], running: ['busy', LoaderCircle], succeeded: ['ok', Check], failed: ['bad', X], 'timed-out': ['bad', X],
  cancelled: ['idle', Ban], skipped: ['idle', CircleSlash], missed: ['warn', TriangleAlert],
};
const processLooks = { running: ['ok', Check], restarting: ['warn', RotateCcw], exited: ['bad', X], stopped: ['warn', Pause], none: ['idle', CircleDashed], 'crash-loop': ['bad', X] } as const satisfies Record<string, Look>;
const linkLooks: Record<ServerLink['state'], Look> = {
  connecting: ['busy', LoaderCircle], reachable: ['ok', Check], unreachable: ['bad', X], 'not-installed': ['idle', CircleDashed], refused: ['bad', Ban],
};

export const RunChip = memo(function RunChip({ status }: { status: RunStatus }) {
  return <StateChip look={runLooks[status]} word={`run.status.${status}`} />;
});
export function ReleaseChip({ state }: { state: ReleaseState }) {
  return <StateChip look={releaseLooks[state]} word={`release.state.${state}`} />;
}
export function HealthChip({ health }: { health: EnvironmentState['health'] }) {
  return <StateChip look={healthLooks[health]} word={`health.${health}`} />;
}
export function JobRunChip({ status }: { status: JobRunStatus }) {
  return <StateChip look={jobRunLooks[status]} word={`job.status.${status}`} />;
}
export function JobStateChip({ job: { state, open } }: { job: JobState }) {
  return open > 0 && state !== 'paused' ? <StateChip look={['busy', LoaderCircle]} word="job.state.running" /> : <StateChip look={jobLooks[state]} word={`job.state.${state}`} />;
}
export function ProcessChip({ state }: { state: keyof typeof processLooks }) {
  return <StateChip look={[...processLooks[state]]} word={`process.state.${state}`} />;
}
export function LinkChip({ state }: { state: ServerLink['state'] }) {
  return <StateChip look={linkLooks[state]} word={`link.${state}`} />;
}

type StateWord = Extract<WordKey, `run.status.${string}` | `step.status.${string}` | `release.state.${string}` | `health.${string}` | `job.state.${string}` | `job.status.${string}` | `process.state.${string}` | `link.${string}`>;

function StateChip({ look: [tone, icon], word }: { look: Look; word: StateWord }) {
  const t = useTranslate();
  return <Chip tone={tone} icon={icon} turning={icon === LoaderCircle}>{t(word)}</Chip>;
}

/** The sign of a step alone, for a list where its word stands elsewhere. */
export function stepLook(status: StepStatus): { tone: Tone; icon: LucideIcon } {
  const [tone, icon] = stepLooks[status];
  return { tone, icon };
}
