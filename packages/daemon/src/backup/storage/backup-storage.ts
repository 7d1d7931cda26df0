import type { Readable } from 'node:stream';

/** Where the files of backups lie. Paths are relative, with `/`: project/environment/id/file. */
export interface BackupStorage {
  /** Takes all of the stream. Whatever fails, nothing of the file stays. Throws DISK_FULL or BACKUP_FAILED. */
  write(path: string, content: Readable, signal?: AbortSignal): Promise<void>;
  /** Throws NOT_FOUND when there is none. */
  read(path: string, signal?: AbortSignal): Promise<Readable>;
  /** Removes a folder with these files; silent when they are gone. */
  remove(folder: string, files: readonly string[]): Promise<void>;
}
