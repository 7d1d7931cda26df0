import { formatBytes, formatDurationMs, type BackupRecord } from '@redcontrol/contract';
import type { Colors } from './output.ts';

/** The state of a backup in a word or two. A backup that nobody has restored is never called good. */
export function backupStateText({ state, proof }: Pick<BackupRecord, 'state' | 'proof'>, colors: Colors): string {
  if (state === 'making') return colors.cyan('▶ making');
  if (state !== 'ready') return colors.red('✗ failed');
  switch (proof) {
    case 'proven': return colors.green('✓ proven');
    case 'failed': return colors.red('✗ not restorable');
    case 'unproven': return colors.yellow('○ unproven');
  }
}

export function backupTookText({ createdAt, finishedAt }: Pick<BackupRecord, 'createdAt' | 'finishedAt'>): string {
  return finishedAt === null ? '–' : formatDurationMs(finishedAt - createdAt);
}

/** What it was made for: `migration of #12`. */
export function backupReasonText({ reason, release }: Pick<BackupRecord, 'reason' | 'release'>): string {
  return release === null ? reason : `${reason} of #${release}`;
}

/** Lines that tell all of one backup. */
export function backupLines(backup: BackupRecord, colors: Colors): string[] {
  const { id, environment, createdAt, place, bytes, files, proofAt, proofError, error } = backup;
  return [
    `${colors.bold(`backup ${id}`)} of ${environment} ${backupStateText(backup, colors)}`,
    `made        ${new Date(createdAt).toISOString()} in ${backupTookText(backup)}, ${backupReasonText(backup)}, by ${backup.startedBy}`,
    `lies        ${place}, ${formatBytes(bytes)}`,
    ...(proofAt === null ? [] : [`restored    ${new Date(proofAt).toISOString()}${proofError === null ? '' : `: ${proofError}`}`]),
    ...(error ? [colors.red(`error ${error.code}: ${error.message}`)] : []),
    ...files.map((file) => `  ${file.name}  ${formatBytes(file.bytes)}  sha256:${file.sha256}${file.rows.length > 0 ? `  ${file.rows.length} tables, ${file.rows.reduce((sum, row) => sum + row.most, 0)} rows` : ''}`),
  ];
}
