import type { Alert } from '@redcontrol/contract';
import { plainLine } from './plain-text.ts';

/** What is wrong, in a few words. */
export function alertText({ kind, name }: Pick<Alert, 'kind' | 'name'>): string {
  const of = plainLine(name ?? '');
  switch (kind) {
    case 'down': return 'the app is down';
    case 'crash-loop': return `${of} ends again and again`;
    case 'job': return `job ${of} fails`;
    case 'errors': return 'too many errors';
    case 'memory': return `${of} is near its memory limit`;
    case 'disk': return `the disk of ${of} is nearly full`;
    case 'certificate': return `the certificate of ${of} ends soon`;
  }
}
