import { styleText } from 'node:util';

const colour = (style: Parameters<typeof styleText>[0], text: string) => styleText(style, text, { stream: process.stdout });

/** Headline of a part of the demo. */
export function tellPart(text: string): void {
  process.stdout.write(`\n${colour(['bold', 'cyan'], `━━ ${text}`)}\n`);
}

export function tell(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A command that the demo runs in your place. */
export function tellCommand(text: string): void {
  process.stdout.write(`${colour('dim', `$ ${text}`)}\n`);
}

/** A notification as a desktop would show it. */
export function tellNotification({ title, body, urgency }: { title: string; body: string; urgency: 'low' | 'normal' | 'critical' }): void {
  const bar = colour(urgency === 'critical' ? 'red' : 'green', '┃');
  process.stdout.write(`\n${[colour('bold', title), ...body.split('\n')].map((line) => `  ${bar} ${line}`).join('\n')}\n`);
}
