/** Counts a visit and answers how many there were. */
export async function countVisit(database) {
  const { rows } = await database.query('UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value', ['visits']);
  return Number(rows[0].value);
}
