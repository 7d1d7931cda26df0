import { matchLine } from './search.ts';

const route = /["'`](\/(?:[\w-]+\/){0,3}(?:health|healthz|health-check|healthcheck|livez|readyz|ready|up|ping)\/?)["'`]/;
/** Django's routes are written without the leading "/". */
const relativeRoute = /path\(\s*["']((?:[\w-]+\/){0,3}(?:health|healthz|health-check|healthcheck|livez|readyz|ready|up|ping)\/?)["']/;

/** A route in the source of an app that looks like its health check. */
export function healthPathIn(text: string | undefined): string | undefined {
  const absolute = matchLine(text, route)?.[1];
  if (absolute) return absolute;
  const relative = matchLine(text, relativeRoute)?.[1];
  return relative && `/${relative}`;
}

/** The note that goes with a health path, so that nothing is chosen silently. */
export function healthNote(path: string | undefined, where: string): string {
  if (path) return `Health path ${path} was found in ${where}.`;
  return 'No health route was found: "/" is asked, and any answer below 400 counts as ready. Set processes.web.health.path for a better check.';
}
