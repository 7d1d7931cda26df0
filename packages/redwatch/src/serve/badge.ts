import type { BranchState } from './branch-state.ts';
import { escapeXml } from './cctray.ts';

const maxLabelLength = 60;

/** A status badge: the project on the left, its state in colour on the right. */
export function badge(label: string, state: BranchState | undefined): string {
  const { text, color } = lookOf(state);
  const left = label.slice(0, maxLabelLength);
  const [leftWidth, rightWidth] = [widthOf(left), widthOf(text)];
  const width = leftWidth + rightWidth;
  const [name, word] = [escapeXml(left), escapeXml(text)];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${name}: ${word}">`
    + `<title>${name}: ${word}</title><clipPath id="r"><rect width="${width}" height="20" rx="3"/></clipPath>`
    + `<g clip-path="url(#r)"><rect width="${leftWidth}" height="20" fill="#444"/><rect x="${leftWidth}" width="${rightWidth}" height="20" fill="${color}"/></g>`
    + `<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">`
    + `<text x="${leftWidth / 2}" y="14" textLength="${leftWidth - 12}">${name}</text><text x="${leftWidth + rightWidth / 2}" y="14" textLength="${rightWidth - 12}">${word}</text></g></svg>\n`;
}

function lookOf(state: BranchState | undefined): { text: string; color: string } {
  if (state?.building) return { text: 'running', color: '#0969a8' };
  switch (state?.verdict?.status) {
    case 'succeeded': return { text: 'passing', color: '#23753c' };
    case 'failed': return { text: 'failing', color: '#b3261e' };
    default: return { text: 'unknown', color: '#6b6b6b' };
  }
}

/** Pixels for a text of 11 px with its margins; the letters are stretched to it. */
function widthOf(text: string): number {
  return Math.round([...text].length * 6.6) + 12;
}
