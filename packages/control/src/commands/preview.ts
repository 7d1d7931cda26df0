import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { definePreviewCreate } from './preview-create.ts';
import { definePreviewKeep } from './preview-keep.ts';
import { definePreviewRemove } from './preview-remove.ts';

/** `redcontrol preview …` */
export function definePreview(command: Command, cli: Cli): void {
  definePreviewCreate(command.command('create').description('make the preview of a branch without a push'), cli);
  definePreviewKeep(command.command('keep').description('let neither age nor number end a preview'), cli);
  definePreviewRemove(command.command('remove').description('remove a preview with its data'), cli);
}
