import type { Book } from './books.ts'
import type { CatchUp } from './catch-up.ts'
import type { Difference } from './differences.ts'
import { RebuildRefused } from './refusal.ts'
import { qualified, SERVING } from './shadow.ts'
import { countDifference, type Verification, verifyDrawn, verifyStreams } from './verification.ts'

const told = ({ table, key, expected, found }: Difference): string =>
  `${table} ${JSON.stringify(key)}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`

/**
 * Rejects with `RebuildRefused` where a generation is not what the events say. What came through the gate, from an archive, kept no books of
 * its own that could be compared.
 */
export const expectRight = async (work: Verification, origin: Book['origin']): Promise<void> => {
  const difference = origin === 'events' ? await countDifference(work) : 0
  if (difference !== 0) throw new RebuildRefused(`its checkpoints stand for ${difference} events more than were folded`)
  const [first, ...more] = [...(await verifyDrawn(work)), ...(await verifyStreams(work))]
  if (first !== undefined) {
    throw new RebuildRefused(`${1 + more.length} of the rows that were folded again differ, the first: ${told(first)}`)
  }
}

const NEWLY_PARKED = (next: string): string => `
  SELECT n.tenant, n.stream_type, n.stream_id, n.version, n.error FROM ${next} n
   WHERE n.projection = $1 AND NOT EXISTS (
     SELECT FROM ${qualified(SERVING, 'parked_streams')} p
      WHERE p.projection = n.projection AND (p.tenant, p.stream_type, p.stream_id) = (n.tenant, n.stream_type, n.stream_id))
   ORDER BY 1, 2, 3`

/** What the serving view could apply, the next one must be able to apply, too. */
export const expectNoneParked = async ({
  pool,
  schema,
  model,
}: Pick<CatchUp, 'pool' | 'schema' | 'model'>): Promise<void> => {
  const { rows } = await pool.query(NEWLY_PARKED(qualified(schema, 'parked_streams')), [model.name])
  const [first] = rows
  if (first === undefined) return
  throw new RebuildRefused(
    `${rows.length} streams cannot be applied that the serving view has applied, the first: ${first.tenant} ${first.stream_type}/${first.stream_id} at version ${first.version}: ${first.error}; mend the cause, then run the same command again to go on`,
  )
}
