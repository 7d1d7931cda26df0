import pg from 'pg';

export function openDatabase(url = process.env.DATABASE_URL) {
  const pool = new pg.Pool({ connectionString: url, max: 5 });
  // A connection that the database closed is opened again by the next query.
  pool.on('error', (error) => console.error('database:', error.message));
  return pool;
}
