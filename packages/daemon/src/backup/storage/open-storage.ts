import { join } from 'node:path';
import { RedControlError, type BackupSettings } from '@redcontrol/contract';
import type { DaemonContext } from '../../context.ts';
import { readSecrets } from '../../secrets/index.ts';
import type { BackupPlace } from '../../store/index.ts';
import type { BackupStorage } from './backup-storage.ts';
import { localStorage } from './local-storage.ts';
import { s3Storage } from './s3-storage.ts';

/** Where new backups go by the configuration; pure. */
export function placeOf(to: BackupSettings['to']): BackupPlace {
  if (to === 'local') return { kind: 'local' };
  return { kind: 's3', bucket: to.s3, endpoint: to.endpoint ?? `https://s3.${to.region}.amazonaws.com`, region: to.region, keyId: to.keyId, secret: to.secret };
}

/** The place as something to write to and read from. Throws SECRET_MISSING when an S3 store's key is not set. */
export function openStorage(daemon: DaemonContext, owner: { project: string; environment: string }, place: BackupPlace): BackupStorage {
  if (place.kind === 'local') return localStorage(daemon.options.backupDirectory ?? join(daemon.options.dataDirectory, 'backups'), { reserveBytes: daemon.options.diskReserveBytes });
  const secrets = readSecrets(daemon, owner.project, [owner.environment]);
  const [keyId, secret] = [secrets[place.keyId], secrets[place.secret]];
  if (keyId === undefined || secret === undefined) {
    const missing = keyId === undefined ? place.keyId : place.secret;
    throw new RedControlError('SECRET_MISSING', `Expected a value of the secret ${missing} of ${owner.environment} for the bucket ${place.bucket}, it is not set`, { hint: `redcontrol secret set ${missing} -e ${owner.environment}` });
  }
  return s3Storage({ bucket: place.bucket, endpoint: place.endpoint, region: place.region, keyId, secret });
}
