import type { EventKind } from '@redcontrol/contract';

/** What a notification says happened, in English and Russian; the other events are seen in the window. */
const words: Partial<Record<EventKind, readonly [english: string, russian: string]>> = {
  'run.failed': ['a run failed', 'запуск не удался'],
  'run.recovered': ['runs succeed again', 'запуски снова успешны'],
  'release.live': ['a new version is live', 'новая версия работает'],
  'release.failed': ['a release failed', 'релиз не удался'],
  'release.reverted': ['a release was taken back', 'релиз отменён'],
  'environment.down': ['the app does not answer', 'приложение не отвечает'],
  'environment.up': ['the app answers again', 'приложение снова отвечает'],
  'certificate.failed': ['no certificate could be got', 'не удалось получить сертификат'],
  'job.failed': ['a job failed', 'задание не удалось'],
  'job.recovered': ['a job succeeds again', 'задание снова успешно'],
  'job.missed': ['a job was missed', 'задание пропущено'],
  'process.crash-loop': ['a process ends again and again', 'процесс падает раз за разом'],
  'process.recovered': ['a process runs steadily again', 'процесс снова работает ровно'],
  'alert.started': ['a limit is exceeded', 'превышен предел'],
  'alert.ended': ['within its limit again', 'снова в пределах'],
  'process.hung': ['a process hung and was started anew', 'процесс завис и запущен заново'],
  'backup.failed': ['a backup failed', 'резервная копия не удалась'],
  'data.failed': ['data could not be restored', 'данные не удалось восстановить'],
};

/** Words for an event in the system's language; undefined for one that is not worth a notification. */
export function eventWords(kind: EventKind, variables: Record<string, string | undefined> = process.env): string | undefined {
  const language = variables.LC_ALL || variables.LC_MESSAGES || variables.LANG || '';
  return words[kind]?.[language.startsWith('ru') ? 1 : 0];
}
