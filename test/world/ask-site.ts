import { request } from 'node:http';
import type { World } from './world.ts';

/** What the proxy of a world answers for a domain: status and text, by a connection of its own. */
export function askSite({ httpPort }: Pick<World, 'httpPort'>, url: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: httpPort, path: '/', agent: false, headers: { host: new URL(url).host } }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.once('error', reject);
    });
    asked.once('error', reject);
    asked.end();
  });
}
