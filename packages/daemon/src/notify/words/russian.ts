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
    'source-unreachable': ({ project }) => `${project}: репозиторий недоступен`,
    'certificate-failed': ({ project, environments }) => `${project}: нет сертификата для ${environments}`,
  },
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
