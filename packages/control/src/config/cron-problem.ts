import { Cron } from 'croner';

/** Why a cron line can never be due, as the end of "got …"; undefined when there is a next time. */
export function cronProblem(line: string, timeZone: string): string | undefined {
  const shown = JSON.stringify(line.length > 60 ? `${line.slice(0, 57)}…` : line);
  const fields = line.trim().split(/\s+/).length;
  if (fields !== 5) return `${shown}, which has ${fields} fields instead of 5`;
  try {
    const next = new Cron(line, { timezone: timeZone, paused: true, mode: '5-part' }).nextRun();
    return next ? undefined : `${shown}, which is never due`;
  } catch (error) {
    return `${shown} (${(error as Error).message.replace(/^CronPattern: /, '')})`;
  }
}
