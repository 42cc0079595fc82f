import type { ClientBase } from 'pg'

/** From this transaction's end on projectors ring for the projection; what was rung before is forgotten. */
export const register = async (client: ClientBase, projection: string): Promise<void> => {
  await client.query('DELETE FROM rebuild_rings WHERE projection = $1', [projection])
  await client.query('INSERT INTO rebuilds (projection) VALUES ($1) ON CONFLICT DO NOTHING', [projection])
}

/** Nothing is being built of the projection any more; answers whether anything was. */
export const unregister = async (client: ClientBase, projection: string): Promise<boolean> => {
  const { rowCount } = await client.query('DELETE FROM rebuilds WHERE projection = $1', [projection])
  await client.query('DELETE FROM rebuild_rings WHERE projection = $1', [projection])
  return rowCount === 1
}
