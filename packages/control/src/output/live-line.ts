import { cut } from './table.ts';
import type { Cli } from '../cli/cli.ts';

/** A last line on the terminal that is written over and over while something goes on; nothing where there is no terminal. */
export interface LiveLine {
  /** Shows what `text` says now; it is asked again each second, for elapsed times. */
  show(text: () => string): void;
  /** Takes the line away, so that other lines can be written. */
  clear(): void;
}

export function createLiveLine(cli: Cli, { isQuiet }: { isQuiet: boolean }): LiveLine {
  if (isQuiet || cli.stderr.isTTY !== true) return { show() {}, clear() {} };
  let timer: NodeJS.Timeout | undefined;
  const clear = () => {
    if (timer) cli.stderr.write('\r\u001b[K');
    clearInterval(timer);
    timer = undefined;
  };
  return {
    clear,
    show(text) {
      clear();
      const draw = () => void cli.stderr.write(`\r\u001b[K${cut(text(), (cli.stderr.columns ?? 80) - 1)}`);
      timer = setInterval(draw, 1000);
      draw();
    },
  };
}
