import { Anchor, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { GitBranch, Tag } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { RunRecord } from '@redcontrol/contract';
import { RunChip } from '../../parts/chips.tsx';
import { ForeignText, subjectOf } from '../../parts/foreign-text.tsx';
import { Ago, Lasting } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';
import { paths } from '../paths.ts';
import './runs.css';

export interface PlacedRun {
  server: string;
  run: RunRecord;
}

const rowHeightPx = 58;
/** Rows outside the view that are ready, so that scrolling shows no gaps. */
const spareRows = 6;

/** A list of any length of which only what is in view is in the page. */
export function RunTable({ runs, showProject = false, label, heightPx }: { runs: PlacedRun[]; showProject?: boolean; label: string; heightPx?: number }) {
  const { ref, height } = useElementSize<HTMLDivElement>();
  const [top, setTop] = useState(0);
  const first = Math.max(0, Math.floor(top / rowHeightPx) - spareRows);
  const last = Math.min(runs.length, Math.ceil((top + height) / rowHeightPx) + spareRows);
  const fullHeight = runs.length * rowHeightPx;
  return (
    <div className="sheet runs-box" ref={ref} tabIndex={0} role="region" aria-label={label} style={{ height: heightPx === undefined ? undefined : Math.min(heightPx, fullHeight) }} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
      <ul className="plain-list" style={{ height: fullHeight, position: 'relative' }}>
        {runs.slice(first, last).map(({ server, run }, index) => <RunRow key={`${server} ${run.id}`} server={server} run={run} top={(first + index) * rowHeightPx} position={first + index + 1} size={runs.length} showProject={showProject} />)}
      </ul>
    </div>
  );
}

function RunRow({ server, run, top, position, size, showProject }: { server: string; run: RunRecord; top: number; position: number; size: number; showProject: boolean }) {
  const t = useTranslate();
  const RefIcon = run.refKind === 'tag' ? Tag : GitBranch;
  return (
    <li className="runs-row" style={{ transform: `translateY(${top}px)`, height: rowHeightPx }} aria-setsize={size} aria-posinset={position}>
      <span className="runs-state"><RunChip status={run.status} /></span>
      <span className="runs-main">
        <Anchor component={Link} to={paths.run(server, run.project, run.id)} fz="sm" fw={600} className="cut" display="block">#{run.id} <ForeignText text={subjectOf(run.message)} /></Anchor>
        <Text component="span" fz="xs" c="dimmed" className="cut" display="block">
          {showProject && <>{run.project} · </>}<RefIcon size={11} aria-hidden /> <ForeignText text={run.ref} /> · <span className="mono">{run.commit.slice(0, 8)}</span> · <ForeignText text={run.author} />
        </Text>
      </span>
      <span className="runs-side cut">{run.environments.length > 0 ? `→ ${run.environments.join(', ')}` : <span className="runs-quiet">{t('run.deploys-nowhere')}</span>}</span>
      <span className="runs-time"><Ago at={run.createdAt} /><br />{run.startedAt !== null && <Lasting from={run.startedAt} to={run.finishedAt} />}</span>
    </li>
  );
}
