export * from './sealing/backup-key.ts';
export * from './backup-settings.ts';
export * from './make-backup.ts';
export * from './prove-backup.ts';
export * from './restore-backup.ts';
export * from './remove-backup.ts';
export * from './schedule.ts';
export * from './data-operation.ts';
