// What a session is made of on either side of a worker's border.

export function record(columns, row) {
  const made = {};
  for (let at = 0; at < columns.length; ++at) made[columns[at]] = row[at];
  return made;
}

// Runs `work` in one transaction of `session`: committed when it returns, rolled back when it throws.
export async function inTransaction(session, work) {
  await session.run('BEGIN');
  let result;
  try {
    result = await work(session);
  } catch (error) {
    await session.run('ROLLBACK').catch(() => {});
    throw error;
  }
  await session.run('COMMIT');
  return result;
}
