import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

/** An app for the proxy's tests, run as a program: `app.ts NAME`; says its port. `/` answers after 20 ms; after `/hang` nothing does. */
const [, , name = ''] = process.argv;
let hanging = false;

const server = createServer((request, response) => {
  if (hanging) return;
  if (request.url === '/hang') {
    hanging = true;
    return void response.end(name);
  }
  if (request.url === '/events') {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const timer = setInterval(() => response.write(`data: ${name}\n\n`), 100);
    response.on('close', () => clearInterval(timer));
    return;
  }
  if (request.url === '/headers') return void response.end(JSON.stringify(request.headers));
  if (request.url === '/long') return void response.setHeader('content-type', 'text/plain').end(`${name} `.repeat(2000));
  request.resume();
  setTimeout(() => response.setHeader('content-type', 'text/plain').end(name), 20);
});

/** A WebSocket that says its name every 100 ms: text frames without masks, as servers send them. */
server.on('upgrade', (request, socket) => {
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  const text = Buffer.from(name);
  const timer = setInterval(() => socket.write(Buffer.concat([Buffer.from([0x81, text.length]), text])), 100);
  socket.on('close', () => clearInterval(timer));
  socket.on('error', () => clearInterval(timer));
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address ? address.port : 0}\n`);
});
// Ends with the test that started it, also when that was killed.
process.stdin.once('end', () => process.exit(0)).resume();
