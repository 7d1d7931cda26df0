import { createServer } from 'node:http';
import { openDatabase } from './database.js';
import { greeting } from './greeting.js';
import { countVisit } from './visits.js';

const database = openDatabase();

const server = createServer(async (request, response) => {
  try {
    if (request.url === '/health') {
      await database.query('SELECT 1');
      return response.end('ok');
    }
    const visits = await countVisit(database);
    response.setHeader('content-type', 'text/plain; charset=utf-8');
    response.end(`${greeting}. You are visitor ${visits}.\n`);
  } catch (error) {
    console.error(error.message);
    response.statusCode = 500;
    response.end('Something went wrong.\n');
  }
});

server.listen(Number(process.env.PORT ?? 3000), '0.0.0.0');

process.on('SIGTERM', () => {
  server.close(() => database.end().then(() => process.exit(0)));
});
