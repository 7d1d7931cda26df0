import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface HttpRequest {
  url: string;
  headers?: Record<string, string>;
  body: string;
  signal: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** At most 16 KiB of it. */
  body: string;
}

const maxAnswerBytes = 16_384;

/**
 * POSTs JSON and reads the answer. Redirects are not followed: tokens and signatures go to the place that was named only.
 * Throws what the network says, without the URL, which may be a secret.
 */
export function sendRequest({ url, headers = {}, body, signal }: HttpRequest): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const target = new URL(url);
    const bytes = Buffer.from(body);
    const request = (target.protocol === 'https:' ? httpsRequest : httpRequest)(target, {
      method: 'POST', agent: false, signal,
      headers: { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes.length, 'user-agent': 'RedControl', ...headers },
    });
    request.once('error', reject);
    request.once('response', (response) => readAnswer(response).then(resolve, reject));
    request.end(bytes);
  });
}

async function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    // Leaving the loop ends the connection: the rest is not waited for.
    if (size >= maxAnswerBytes) break;
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).subarray(0, maxAnswerBytes).toString('utf8') };
}
