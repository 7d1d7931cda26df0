import { formatDurationMs, type Progress } from '@redcontrol/contract';
import type { CommandContext } from '../cli/command-context.ts';
import { createLiveLine } from './live-line.ts';
import { plainLine } from './plain-text.ts';

export interface ProgressLines {
  tell(progress: Progress): void;
  /** Takes the moving line away. */
  end(): void;
}

/**
 * Shows the operations of something long as they go: on a terminal the one under way with its time and last output,
 * and everywhere a line for each that ended. `describe` gives an operation's words by its id.
 */
export function createProgress({ out, cli }: Pick<CommandContext, 'out' | 'cli'>, describe: (operation: string) => string | undefined = () => undefined): ProgressLines {
  const live = createLiveLine(cli, { isQuiet: out.json });
  const started = new Map<string, { at: number; text: string }>();
  const { colors } = out;

  return {
    end: live.clear,
    tell({ operation, state, text }) {
      const begun = started.get(operation) ?? { at: cli.now(), text: describe(operation) ?? (plainLine(text) || operation) };
      started.set(operation, begun);
      const took = () => colors.dim(formatDurationMs(cli.now() - begun.at));
      switch (state) {
        case 'started':
          return live.show(() => `  ${colors.cyan('▶')} ${begun.text} ${took()}`);
        case 'output':
          return live.show(() => `  ${colors.cyan('▶')} ${begun.text} ${took()} ${colors.dim(plainLine(text))}`);
        case 'done':
          live.clear();
          return out.note(`  ${colors.green('✓')} ${begun.text} ${took()}`);
        case 'skipped':
          live.clear();
          return out.note(`  ${colors.dim('–')} ${begun.text} ${colors.dim('is done already')}`);
        case 'failed':
          live.clear();
          return out.note(`  ${colors.red('✗')} ${begun.text} ${took()}`);
      }
    },
  };
}
