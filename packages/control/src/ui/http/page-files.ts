import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { RedControlError } from '@redcontrol/contract';

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.ico': 'image/x-icon', '.woff2': 'font/woff2', '.webmanifest': 'application/manifest+json',
};
/** Stands in the built index.html where the page's nonce for styles goes. */
const noncePlace = '__STYLE_NONCE__';

interface PageFile {
  type: string;
  content: Buffer;
  compressed: Buffer | undefined;
}

/** The built page, held in memory: a request can only name a file that was there at the start. */
export interface PageFiles {
  /** Answers with the file at this path, with index.html for the page's own routes; false where neither fits. */
  send(path: string, response: ServerResponse, options: { gzip: boolean; port: number }): boolean;
}

/** Reads the built page. Throws NOT_FOUND when it was not built. */
export async function readPageFiles(folder: string): Promise<PageFiles> {
  const files = new Map<string, PageFile>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((found) => found.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const type = contentTypes[extname(path)];
    if (!type) continue;
    const content = await readFile(path);
    const compressible = /^(text|image\/svg|application)/.test(type);
    files.set(`/${relative(folder, path).split(sep).join('/')}`, { type, content, compressed: compressible ? gzipSync(content) : undefined });
  }
  const index = files.get('/index.html');
  if (!index) throw new RedControlError('NOT_FOUND', `Expected the built page in ${folder}, got no index.html`, { hint: 'Build it: npm run build -w packages/desktop' });
  return {
    send(path, response, { gzip, port }) {
      const file = files.get(path);
      if (file && path !== '/index.html') {
        const compressed = gzip ? file.compressed : undefined;
        response.writeHead(200, {
          ...commonHeaders, 'Content-Type': file.type, 'Cache-Control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
          ...(compressed ? { 'Content-Encoding': 'gzip' } : {}),
        });
        response.end(compressed ?? file.content);
        return true;
      }
      // A server's address in a route looks like a file's ending; only known endings are files.
      if (path !== '/index.html' && (path.startsWith('/assets/') || contentTypes[extname(path)])) return false;
      sendIndex(index, response, port);
      return true;
    },
  };
}

function sendIndex(index: PageFile, response: ServerResponse, port: number): void {
  const nonce = randomBytes(16).toString('base64');
  response.writeHead(200, { ...commonHeaders, 'Content-Type': index.type, 'Cache-Control': 'no-store', 'Content-Security-Policy': policy(nonce, port) });
  response.end(index.content.toString('utf8').replaceAll(noncePlace, nonce));
}

/** Nothing but the page's own files runs or is loaded, and it speaks to nothing but control. */
function policy(nonce: string, port: number): string {
  return [
    "default-src 'none'", "script-src 'self'", `style-src 'self' 'nonce-${nonce}'`, "img-src 'self' data:", "font-src 'self'",
    `connect-src 'self' ws://127.0.0.1:${port} ws://localhost:${port}`, "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
  ].join('; ');
}

const commonHeaders = {
  'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer', 'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin', 'X-Frame-Options': 'DENY',
};
