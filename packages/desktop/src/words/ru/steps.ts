import type { Saying } from '../say.ts';

/** Russian for the steps that every run has; own ones keep their names. */
export const steps: readonly Saying[] = [
  [/^build$/, 'сборка'],
  [/^migrate$/, 'миграции'],
  [/^test$/, 'тесты'],
  [/^dependencies$/, 'зависимости'],
  [/^image$/, 'образ'],
  [/^deploy (\S+)$/, 'развёртывание: $1'],
];
