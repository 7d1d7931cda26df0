import { ago } from './ago.ts';
import { plural } from './plural.ts';
import type { Words } from './words.ts';

const missed = plural('ru', { one: 'событие', few: 'события', many: 'событий', other: 'события' });
const tests = plural('ru', { one: 'тест не прошёл', few: 'теста не прошли', many: 'тестов не прошли', other: 'теста не прошли' });
const passes = plural('ru', { one: 'успешный запуск', few: 'успешных запуска', many: 'успешных запусков', other: 'успешного запуска' });
const failures = plural('ru', { one: 'неудачный запуск', few: 'неудачных запуска', many: 'неудачных запусков', other: 'неудачного запуска' });
const releases = plural('ru', { one: 'релиз', few: 'релиза', many: 'релизов', other: 'релиза' });
const others = plural('ru', { one: 'другое событие', few: 'других события', many: 'других событий', other: 'другого события' });

export const russian: Words = {
  language: 'ru',
  status: {
    queued: 'в очереди', preparing: 'подготовка', running: 'выполняется', releasing: 'выкладка',
    succeeded: 'успешно', failed: 'ошибка', cancelled: 'отменён', superseded: 'вытеснен новым',
  },
  titles: {
    waiting: ({ project, ref }) => `${project}: ${ref} — долго в очереди`,
    passed: ({ project, ref }) => `${project}: ${ref} — проверки пройдены`,
    deployed: ({ project, environments }) => `${project}: новая версия на ${environments}`,
    failed: ({ project, ref }) => `${project}: ${ref} — ошибка`,
    recovered: ({ project, ref }) => `${project}: ${ref} — снова в порядке`,
    cancelled: ({ project, ref }) => `${project}: ${ref} — запуск отменён`,
    releaseFailed: ({ project, environments }) => `${project}: выкладка на ${environments} не удалась`,
    rolledBack: ({ project, environments }) => `${project}: ${environments} — откат`,
    down: ({ project, environments }) => `${project}: ${environments} не отвечает`,
    up: ({ project, environments }) => `${project}: ${environments} снова работает`,
    sourceUnreachable: ({ project }) => `${project}: репозиторий недоступен`,
    certificateFailed: ({ project, environments }) => `${project}: нет сертификата для ${environments}`,
    jobFailed: ({ project, environments, job }) => `${project}: задание ${job} на ${environments} — ошибка`,
    jobMissed: ({ project, environments, job }) => `${project}: задание ${job} на ${environments} не запустилось вовремя`,
    jobRecovered: ({ project, environments, job }) => `${project}: задание ${job} на ${environments} снова работает`,
    backupFailed: ({ project, environments }) => `${project}: резервная копия ${environments} не сделана`,
    crashLoop: ({ project, environments, process }) => `${project}: процесс ${process} на ${environments} всё время падает`,
    crashLoopOver: ({ project, environments, process }) => `${project}: процесс ${process} на ${environments} снова работает ровно`,
    missed: (count) => `Тем временем: ${missed(count)}`,
  },
  alerts: {
    errors: ({ environments }) => `слишком много ошибок на ${environments}`,
    memory: ({ environments, name }) => `${name} на ${environments}: память почти на пределе`,
    disk: ({ name }) => `диск ${name} почти заполнен`,
    certificate: ({ name }) => `сертификат ${name} скоро закончится`,
  },
  alertsOver: {
    errors: ({ environments }) => `ошибок на ${environments} снова мало`,
    memory: ({ environments, name }) => `${name} на ${environments}: памяти снова хватает`,
    disk: ({ name }) => `на диске ${name} снова есть место`,
    certificate: ({ name }) => `сертификат ${name} снова действует долго`,
  },
  failedStep: (step) => `Шаг ${step}`,
  failedTests: (count) => `${tests(count)}:`,
  andMore: (count) => `и ещё ${count}`,
  counts: { passed: passes, failed: failures, deployed: releases, other: others },
  actions: { log: 'Журнал', open: 'Открыть', retry: 'Повторить' },
  tray: { runs: 'Последние запуски', noRuns: 'Пока ничего не было отправлено.', back: 'К последним запускам', step: 'Шаги', end: 'Только конец журнала:', missing: 'Этого запуска нет или больше нет.' },
  live: ({ environment, release, since, by }) => `${environment}: релиз № ${release}, ${since}, автор ${by}`,
  nothingLive: (environment) => `${environment}: ещё ничего не выложено`,
  connected: ({ server, name, role }) => `Подключено к ${server} как ${name} (${role}).`,
  notInProject: ({ server, project }) => `${server} не показывает вам ${project}: попросите администратора добавить ваш ключ и в этот проект.`,
  noAccess: (server) => `${server} ещё не знает вашего ключа. Отправьте эту строку администратору проекта: он выполнит её, а затем \`redcontrol apply\`:`,
  noKey: (server) => `${server} вас не знает, а на этой машине нет ключа SSH. Создайте его командой ssh-keygen -t ed25519 и подключитесь снова.`,
  noNotifications: (reason) => `Уведомлений рабочего стола здесь нет (${reason}): они печатаются.`,
  following: (servers) => `Слежу: ${servers}.`,
  lost: ({ server, reason }) => `${server}: связь потеряна (${reason}), пробую снова.`,
  back: (server) => `${server}: связь есть.`,
  ago: (at, now) => ago('ru', { at, now }),
};
