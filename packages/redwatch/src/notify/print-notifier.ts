import type { Notifier } from './notifier.ts';

/** Prints messages, where the desktop has no place for them or none was asked for. */
export function printNotifier(print: (line: string) => void): Notifier {
  return {
    async show({ title, body }) {
      print(title);
      for (const line of body.split('\n')) if (line !== '') print(`  ${line}`);
    },
    async close() {},
  };
}
