import type { BranchState } from './branch-state.ts';
import { badge } from './badge.ts';
import { cctray } from './cctray.ts';

export interface Answer { status: number; type: string; body: string }

/** Answers of the loopback server by path: /cctray.xml, /badge/PROJECT.svg?branch=NAME. */
export async function answerRequest(request: { method: string; url: string; host: string }, branches: () => Promise<BranchState[]>): Promise<Answer> {
  // A page on the web could make a browser ask here under a name of its own (DNS rebinding).
  if (!/^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(request.host)) return plain(403, 'Expected the host localhost');
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'Expected GET');
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  if (pathname === '/cctray.xml') return { status: 200, type: 'application/xml; charset=utf-8', body: cctray(await branches()) };
  const project = /^\/badge\/([A-Za-z0-9_.-]+)\.svg$/.exec(pathname)?.[1];
  if (project === undefined) return plain(404, 'Expected /cctray.xml or /badge/PROJECT.svg?branch=NAME');
  const ref = searchParams.get('branch') ?? 'main';
  const found = (await branches()).find((one) => one.project === project && one.ref === ref);
  return { status: 200, type: 'image/svg+xml; charset=utf-8', body: badge(project, found) };
}

function plain(status: number, text: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` };
}
