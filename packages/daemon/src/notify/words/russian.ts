import type { News } from '../news/news.ts';
import type { Words } from './words.ts';

export const russian: Words = {
  titles: {
    passed: ({ project, ref }) => `${project}: ${ref} — проверки пройдены`,
    failed: ({ project, ref }) => `${project}: ${ref} — ошибка`,
    recovered: ({ project, ref }) => `${project}: ${ref} — снова в порядке`,
    deployed: ({ project, environments, release }) => `${project}: релиз ${release} работает на ${environments}`,
    'rolled-back': ({ project, environments, release }) => `${project}: ${environments} — откат, релиз ${release}`,
    waiting: ({ project, ref }) => `${project}: ${ref} слишком долго ждёт в очереди`,
    down: ({ project, environments }) => `${project}: ${environments} не работает`,
    up: ({ project, environments }) => `${project}: ${environments} снова работает`,
    'job-failed': ({ project, environments, job }) => `${project}: задание ${job} на ${environments} — ошибка`,
    'job-missed': ({ project, environments, job }) => `${project}: задание ${job} на ${environments} пропущено`,
    'job-recovered': ({ project, environments, job }) => `${project}: задание ${job} на ${environments} снова в порядке`,
    'backup-failed': ({ project, environments }) => `${project}: резервная копия ${environments} не удалась`,
    'source-unreachable': ({ project }) => `${project}: репозиторий недоступен`,
    'certificate-failed': ({ project, environments }) => `${project}: нет сертификата для ${environments}`,
    'crash-loop': ({ project, environments, process }) => `${project}: процесс ${process} на ${environments} всё время падает`,
    alert: ({ project, environments, alert }) => `${project}: ${alertTitle(alert, environments)}`,
    'alert-over': ({ project, environments, alert }) => `${project}: ${alertOverTitle(alert, environments)}`,
    'crash-loop-over': ({ project, environments, process }) => `${project}: процесс ${process} на ${environments} снова работает ровно`,
  },
  measured: ({ kind, value, limit }) => (kind === 'certificate' ? `Действует ещё ${value}; сообщаем с ${limit}.` : `Сейчас ${value}, предел ${limit}.`),
  failedStep: (name) => `Ошибка на шаге: ${name}`,
  failedTests: 'Не прошли тесты:',
  andMore: '… и другие',
  commit: ({ id, message, author }) => `${id} ${message} — ${author}`,
  showLog: (run) => `Журнал: redcontrol run logs ${run}`,
  happenedAt: (time) => `Произошло в ${time}; раньше сообщить не удалось.`,
  test: { title: ({ project, channel }) => `${project}: проверка канала ${channel}`, body: 'Сообщения сюда доходят.' },
  status: {
    queued: 'Ждёт в очереди',
    running: 'Выполняется',
    passed: (took) => `Пройдено за ${took}`,
    live: ({ environments, took }) => `Пройдено за ${took}, работает на ${environments}`,
    failed: (step) => `Ошибка: ${step}`,
    broken: (error) => `Ошибка: ${error}`,
    cancelled: 'Отменено',
    superseded: 'Вытеснено новым коммитом',
  },
};

function alertTitle(alert: News['alert'], environments: string): string {
  switch (alert?.kind) {
    case 'errors': return `слишком много ошибок на ${environments}`;
    case 'memory': return `${alert.name} на ${environments}: память почти на пределе`;
    case 'disk': return `диск ${alert.name} почти заполнен`;
    case 'certificate': return `сертификат ${alert.name} скоро закончится`;
    case undefined: return `неполадка на ${environments}`;
  }
}

function alertOverTitle(alert: News['alert'], environments: string): string {
  switch (alert?.kind) {
    case 'errors': return `ошибок на ${environments} снова мало`;
    case 'memory': return `${alert.name} на ${environments}: памяти снова хватает`;
    case 'disk': return `на диске ${alert.name} снова есть место`;
    case 'certificate': return `сертификат ${alert.name} снова действует долго`;
    case undefined: return `${environments} снова в порядке`;
  }
}
