import { useElementSize } from '@mantine/hooks';
import type { MouseEvent } from 'react';
import { useNavigate } from 'react-router';
import type { RunRecord } from '@redcontrol/contract';
import { subjectOf } from '../../parts/foreign-text.tsx';
import { useNow } from '../../parts/time-text.tsx';
import { useFormats } from '../../words/formats.ts';
import { paths } from '../paths.ts';
import { RunRow } from './run-row.tsx';
import { rowHeightPx, useRowsInView } from './use-rows-in-view.ts';
import './runs.css';

export interface PlacedRun {
  server: string;
  run: RunRecord;
}

/** A list of any length of which only what is in view is in the page. */
export function RunTable({ runs, showProject = false, label, heightPx }: { runs: PlacedRun[]; showProject?: boolean; label: string; heightPx?: number }) {
  const { ref, height } = useElementSize<HTMLDivElement>();
  const formats = useFormats();
  const now = useNow();
  const open = useOpenLinks();
  const { rows, onScroll } = useRowsInView(runs.length, height);
  const fullHeight = runs.length * rowHeightPx;
  const lasted = ({ startedAt, finishedAt }: RunRecord) => (startedAt === null ? '' : formats.duration(finishedAt === null ? Math.floor((now - startedAt) / 1000) * 1000 : finishedAt - startedAt));
  return (
    <div className="sheet runs-sheet" style={{ height: heightPx === undefined ? undefined : Math.min(heightPx, fullHeight + 12) }}>
      <div className="runs-box" ref={ref} tabIndex={0} role="region" aria-label={label} onScroll={onScroll} onClick={open}>
        <ul className="plain-list" style={{ height: fullHeight, position: 'relative' }}>
          {rows.map(({ index, place }) => {
            const { server, run } = runs[index]!;
            return (
              <RunRow key={place} href={paths.run(server, run.project, run.id)} status={run.status} title={`#${run.id} ${subjectOf(run.message)}`} project={showProject ? `${run.project} · ` : ''} refKind={run.refKind} gitRef={run.ref} commit={run.commit.slice(0, 8)} author={run.author}
                environments={run.environments.join(', ')} at={run.createdAt} ago={formats.ago(run.createdAt, now)} lasted={lasted(run)} topPx={index * rowHeightPx} position={index + 1} size={runs.length} />
            );
          })}
        </ul>
      </div>
    </div>
  );
}

/** One listener for the links of all rows: a listener and a router's hook in each would be made anew with every row. */
function useOpenLinks(): (event: MouseEvent) => void {
  const go = useNavigate();
  return (event) => {
    const href = event.target instanceof Element ? event.target.closest('a')?.getAttribute('href') : undefined;
    if (!href || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void go(href);
  };
}
