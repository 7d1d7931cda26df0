/** One thing that was looked at. */
export interface Finding {
  /** What was looked at, e.g. `ssh` or `server main`. */
  about: string;
  level: 'ok' | 'warn' | 'fail';
  text: string;
  remedy?: string;
}
