import type { StoredBackup } from '../store/index.ts';

/** Folder of a backup in its storage. */
export function backupFolder({ project, environment, id }: Pick<StoredBackup, 'project' | 'environment' | 'id'>): string {
  return `${project}/${environment}/${id}`;
}

/** Only one thing at a time is done with the data of an environment. */
export function dataLock({ project, environment }: { project: string; environment: string }): string {
  return `data/${project}/${environment}`;
}
