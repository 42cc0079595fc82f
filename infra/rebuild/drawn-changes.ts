import type { ClientBase, Pool } from 'pg'
import type { Change } from '../../projections/change.ts'
import { arrayLiteral } from '../postgres/array-literal.ts'
import type { Drawn } from './draw.ts'
import { qualified } from './shadow.ts'

type Queries = Pick<ClientBase | Pool, 'query'>

/**
 * Keeps the sample of what is copied in the same transaction. From here on a row that is less rare than `least` may lack changes, which
 * the book remembers; a run that was killed, and commits after all, does not take it back.
 */
export const keepDrawn = async (
  client: ClientBase,
  schema: string,
  drawn: ReadonlyArray<Drawn>,
  least: number,
): Promise<void> => {
  await client.query(`UPDATE ${qualified(schema, 'rebuild_book')} SET rarity = $1 WHERE rarity < $1`, [least])
  if (drawn.length === 0) return
  await client.query(
    `INSERT INTO ${qualified(schema, 'rebuild_drawn')} SELECT * FROM unnest($1::integer[], $2::json[])`,
    [arrayLiteral(drawn.map(({ rarity }) => rarity)), arrayLiteral(drawn.map(({ change }) => JSON.stringify(change)))],
  )
}

/** How many changes were kept, by the rarity of their rows. */
export const keptByRarity = async (queries: Queries, schema: string): Promise<ReadonlyMap<number, number>> => {
  const { rows } = await queries.query<{ rarity: number; changes: number }>(
    `SELECT rarity, count(*)::integer AS changes FROM ${qualified(schema, 'rebuild_drawn')} GROUP BY rarity`,
  )
  return new Map(rows.map(({ rarity, changes }) => [rarity, changes]))
}

/** All changes of the rows that are in the sample in the end. */
export const drawnChanges = async (queries: Queries, schema: string): Promise<ReadonlyArray<Change>> => {
  const { rows } = await queries.query<{ change: Change }>(
    `SELECT d.change FROM ${qualified(schema, 'rebuild_drawn')} d
       JOIN ${qualified(schema, 'rebuild_book')} b ON d.rarity >= b.rarity`,
  )
  return rows.map(({ change }) => change)
}
