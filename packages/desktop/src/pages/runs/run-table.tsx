import { useElementSize } from '@mantine/hooks';
import { GitBranch, Tag } from 'lucide-react';
import { memo, useState } from 'react';
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
  const [inView, setInView] = useState(0);
  const first = Math.max(0, inView - spareRows);
  const last = Math.min(runs.length, inView + Math.ceil(height / rowHeightPx) + spareRows);
  // One more than are ever shown, so that no two of them share a place.
  const places = Math.ceil(height / rowHeightPx) + 2 * spareRows + 2;
  const fullHeight = runs.length * rowHeightPx;
  return (
    <div className="sheet runs-box" ref={ref} tabIndex={0} role="region" aria-label={label} style={{ height: heightPx === undefined ? undefined : Math.min(heightPx, fullHeight) }} onScroll={(event) => setInView(Math.floor(event.currentTarget.scrollTop / rowHeightPx))}>
      <ul className="plain-list" style={{ height: fullHeight, position: 'relative' }}>
        {/* A row that left the view becomes the one that came in: its elements are used again. */}
        {runs.slice(first, last).map(({ server, run }, index) => <RunRow key={(first + index) % places} server={server} run={run} top={(first + index) * rowHeightPx} position={first + index + 1} size={runs.length} showProject={showProject} />)}
      </ul>
    </div>
  );
}

/** Rows that stay in view while the list is scrolled are not made again. */
const RunRow = memo(function RunRow({ server, run, top, position, size, showProject }: { server: string; run: RunRecord; top: number; position: number; size: number; showProject: boolean }) {
  const t = useTranslate();
  const RefIcon = run.refKind === 'tag' ? Tag : GitBranch;
  return (
    <li className="runs-row" style={{ transform: `translateY(${top}px)`, height: rowHeightPx }} aria-setsize={size} aria-posinset={position}>
      <span className="runs-state"><RunChip status={run.status} /></span>
      <span className="runs-main">
        <Link to={paths.run(server, run.project, run.id)} className="cut runs-link">#{run.id} <ForeignText text={subjectOf(run.message)} /></Link>
        <span className="cut runs-about">
          {showProject && <>{run.project} · </>}<RefIcon size={11} aria-hidden /> <ForeignText text={run.ref} /> · <span className="mono">{run.commit.slice(0, 8)}</span> · <ForeignText text={run.author} />
        </span>
      </span>
      <span className="runs-side cut">{run.environments.length > 0 ? `→ ${run.environments.join(', ')}` : <span className="runs-quiet">{t('run.deploys-nowhere')}</span>}</span>
      <span className="runs-time"><Ago at={run.createdAt} /><br />{run.startedAt !== null && <Lasting from={run.startedAt} to={run.finishedAt} />}</span>
    </li>
  );
});
