import type { Saying } from '../say.ts';

/** Russian for keys that are accepted and not carried out. First match counts. */
export const notDone: readonly Saying[] = [
  [/^`jobs` is not .*$/, '«jobs» в этой версии не выполняется: задания не запускаются.'],
  [/^`build\.dockerfile` counts only with `framework: dockerfile`: the image is built by the preset (\S+)\.$/, '«build.dockerfile» действует только с «framework: dockerfile»: образ собирает заготовка $1.'],
  [/^This command migrates the database of the tests only.*$/, 'Этой командой изменяется только база данных тестов: при релизе выполняется команда миграции из заготовки.'],
  [/^`one environment on several servers` is not .*$/, 'Одно окружение на нескольких серверах в этой версии не выполняется: нагрузка между ними не распределяется.'],
  [/^Nothing is set up for `sqlite`.*$/, 'Для SQLite ничего не настраивается, DATABASE_URL тоже нет: приложение открывает свой файл, который сохраняется только на одном из томов «volumes».'],
  [/^No backup is made of a database for tests.*$/, 'Резервная копия базы для тестов не делается: эта база исчезает вместе с ними.'],
  [/^A database for tests keeps its own limit.*$/, 'У базы для тестов остаётся её собственный предел соединений.'],
  [/^`stop-first of web` is not .*$/, '«handover: stop-first» для web в этой версии не выполняется: новая версия должна показать себя до ухода старой.'],
  [/^`(.*)` is not carried out yet by this version: (.*)\.$/, '«$1» в этой версии не выполняется ($2).'],
];
