import Anser from 'anser';
import { memo, type CSSProperties, type ReactNode } from 'react';
import { showHidden } from '../foreign-text.tsx';
import { plainLine } from './search-log.ts';

/** Characters of one line that are shown; all of it is in the download. */
const maxShownCharacters = 4_000;

/** One line of a log with its colours; `mark` is highlighted. Only text comes out of it, whatever the log holds. */
export const AnsiLine = memo(function AnsiLine({ text, mark }: { text: string; mark: string }) {
  const shown = text.length > maxShownCharacters ? text.slice(0, maxShownCharacters) : text;
  const rest = text.length - shown.length;
  return (
    <>
      {piecesOf(shown, mark)}
      {rest > 0 && <span className="log-rest"> … +{rest}</span>}
    </>
  );
});

function piecesOf(text: string, mark: string): ReactNode {
  if (!text.includes('\u001b')) return marked(plainLine(text), mark);
  const line = text.slice(text.slice(0, -1).lastIndexOf('\r') + 1);
  return Anser.ansiToJson(line, { json: true, remove_empty: true, use_classes: true }).map((piece, index) => (
    <span key={index} className={classesOf(piece)} style={styleOf(piece)}>{marked(piece.content.replace(/\r$/, ''), mark)}</span>
  ));
}

function marked(text: string, mark: string): ReactNode {
  const shown = showHidden(text.replaceAll('\t', '    '));
  if (mark === '') return shown;
  const lower = shown.toLowerCase();
  const wanted = mark.toLowerCase();
  const parts: ReactNode[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at !== -1 && parts.length < 200; at = lower.indexOf(wanted, from)) {
    parts.push(shown.slice(from, at), <mark key={at}>{shown.slice(at, at + wanted.length)}</mark>);
    from = at + wanted.length;
  }
  return parts.length === 0 ? shown : [...parts, shown.slice(from)];
}

type Piece = ReturnType<typeof Anser.ansiToJson>[number];

function classesOf(piece: Piece): string | undefined {
  const names = piece.decorations.map((decoration) => `ansi-${decoration}`);
  if (piece.fg && !/palette|truecolor/.test(piece.fg)) names.push(piece.fg);
  if (piece.bg && !/palette|truecolor/.test(piece.bg)) names.push(`${piece.bg}-ground`);
  return names.length > 0 ? names.join(' ') : undefined;
}

function styleOf({ fg, bg, fg_truecolor: fgRgb, bg_truecolor: bgRgb }: Piece): CSSProperties | undefined {
  const color = colourOf(fg, fgRgb);
  const backgroundColor = colourOf(bg, bgRgb);
  return color || backgroundColor ? { ...(color ? { color } : {}), ...(backgroundColor ? { backgroundColor } : {}) } : undefined;
}

/** A colour of the 256, or a free one. */
function colourOf(name: string | null, rgb: string | null): string | undefined {
  if (name === 'ansi-truecolor' && rgb && /^[\d, ]+$/.test(rgb)) return `rgb(${rgb})`;
  const index = /^ansi-palette-(\d+)$/.exec(name ?? '')?.[1];
  if (index === undefined) return undefined;
  const number = Number(index);
  if (number >= 232) return `rgb(${[0, 0, 0].map(() => (number - 232) * 10 + 8).join(', ')})`;
  const level = (value: number) => (value === 0 ? 0 : value * 40 + 55);
  return `rgb(${[Math.floor((number - 16) / 36), Math.floor((number - 16) / 6) % 6, (number - 16) % 6].map(level).join(', ')})`;
}
