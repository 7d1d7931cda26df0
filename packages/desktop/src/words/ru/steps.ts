import type { Saying } from '../say.ts';

/** Russian for the steps that every run has; own ones keep their names. */
export const steps: readonly Saying[] = [
  [/^build$/, 'сборка'],
  [/^migrate$/, 'миграции'],
  [/^test$/, 'тесты'],
  [/^dependencies$/, 'зависимости'],
  [/^image$/, 'образ'],
  [/^(\S+): build$/, '$1: сборка'],
  [/^(\S+): migrate$/, '$1: миграции'],
  [/^(\S+): test$/, '$1: тесты'],
  [/^(\S+): dependencies$/, '$1: зависимости'],
  [/^(\S+): image$/, '$1: образ'],
  [/^deploy (\S+)$/, 'развёртывание: $1'],
];
