import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { defineJobCancel } from './job-cancel.ts';
import { defineJobHistory } from './job-history.ts';
import { defineJobLogs } from './job-logs.ts';
import { defineJobPause, defineJobResume } from './job-pause.ts';
import { defineJobRun } from './job-run.ts';

/** `redcontrol job …` */
export function defineJob(command: Command, cli: Cli): void {
  defineJobRun(command.command('run').description('start a job now, and show what it prints'), cli);
  defineJobPause(command.command('pause').description('let a job not be due until it is resumed'), cli);
  defineJobResume(command.command('resume').description('let a paused job be due again'), cli);
  defineJobCancel(command.command('cancel').description('stop a job with all its processes'), cli);
  defineJobLogs(command.command('logs').description('what a job printed'), cli);
  defineJobHistory(command.command('history').description('when a job ran, and how it ended'), cli);
}
