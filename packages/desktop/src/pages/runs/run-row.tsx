import { GitBranch, Tag } from 'lucide-react';
import { memo } from 'react';
import type { RunRecord, RunStatus } from '@redcontrol/contract';
import { RunChip } from '../../parts/chips.tsx';
import { showHidden } from '../../parts/foreign-text.tsx';
import { useFormats } from '../../words/formats.ts';
import { useTranslate } from '../../words/language.tsx';

interface RowTexts {
  href: string;
  status: RunStatus;
  title: string;
  /** With what stands behind it; empty where all are of one project. */
  project: string;
  refKind: RunRecord['refKind'];
  gitRef: string;
  commit: string;
  author: string;
  environments: string;
  at: number;
  ago: string;
  lasted: string;
  topPx: number;
  position: number;
  size: number;
}

const tagSign = <Tag size={11} aria-hidden />;
const branchSign = <GitBranch size={11} aria-hidden />;

/** Rows that stay in view while the list is scrolled are not made again: all they take are plain values. */
export const RunRow = memo(function RunRow({ href, status, title, project, refKind, gitRef, commit, author, environments, at, ago, lasted, topPx, position, size }: RowTexts) {
  const t = useTranslate();
  const formats = useFormats();
  return (
    <li className="runs-row" style={{ transform: `translateY(${topPx}px)` }} aria-setsize={size} aria-posinset={position}>
      <span className="runs-state"><RunChip status={status} /></span>
      <span className="runs-main">
        <a href={href} className="cut runs-link"><bdi>{showHidden(title)}</bdi></a>
        <span className="cut runs-about">{project}{refKind === 'tag' ? tagSign : branchSign} <bdi>{showHidden(gitRef)}</bdi> · <span className="mono">{commit}</span> · <bdi>{showHidden(author)}</bdi></span>
      </span>
      <span className="runs-side cut" data-quiet={environments === '' || undefined}>{environments === '' ? t('run.deploys-nowhere') : `→ ${environments}`}</span>
      <span className="runs-time"><time title={formats.moment(at)}>{ago}</time><br />{lasted}</span>
    </li>
  );
});
