import { webPageOf } from '../desktop/open-page.ts';
import type { BranchState } from './branch-state.ts';

/**
 * The feed that CCMenu, Nevergreen and others read (https://cctray.org/v1/): a project per branch.
 * A branch that builds keeps the status of its last verdict, as the format wants it.
 */
export function cctray(branches: readonly BranchState[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Projects>\n${branches.map(projectElement).join('')}</Projects>\n`;
}

function projectElement({ project, ref, building, verdict, page }: BranchState): string {
  const attributes = {
    name: `${project} :: ${ref}`,
    activity: building ? 'Building' : 'Sleeping',
    lastBuildStatus: !verdict ? 'Unknown' : verdict.status === 'succeeded' ? 'Success' : 'Failure',
    lastBuildLabel: String(verdict?.id ?? ''),
    // Readers take no fraction of a second.
    lastBuildTime: new Date(verdict?.finishedAt ?? 0).toISOString().replace(/\.\d+Z$/, 'Z'),
    webUrl: webPageOf(page),
  };
  return `  <Project ${Object.entries(attributes).map(([name, value]) => `${name}="${escapeXml(value)}"`).join(' ')}/>\n`;
}

/** Text for an attribute or an element, without the characters that XML 1.0 has no way to write. */
export function escapeXml(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
