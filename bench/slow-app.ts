import { createServer } from 'node:http';

/** Web servers that take 20 ms for an answer, on the ports given; a line when all listen. */
const answerMs = 20;
const ports = process.argv.slice(2).map(Number);
for (const port of ports) {
  const server = createServer({ keepAliveTimeout: 60_000 }, (_request, response) => setTimeout(() => response.end(String(port)), answerMs));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
}
process.stdout.write('listening\n');
