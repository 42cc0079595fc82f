import { type ClientBase, DatabaseError, escapeIdentifier, type Pool } from 'pg'
import type { Log } from '../../projections/log.ts'
import type { ReadModel } from '../../projections/read-model.ts'
import type { RecordedEventsOf } from '../../projections/recorded.ts'
import type { Commit, EventStore } from '../event-store/port.ts'
import type { CommitScan } from '../event-store/scan.ts'
import { isFaultOfValues } from '../postgres/faults.ts'
import { inTransaction } from '../postgres/transaction.ts'
import { postgresViewStore } from '../views/postgres.ts'
import { backfill } from './backfill.ts'
import { type Book, createBooks, readBook, readSegments, turnTo } from './books.ts'
import { answerRings, type CatchUp, ringBehind } from './catch-up.ts'
import { type Counts, countsOf } from './counts.ts'
import type { Difference } from './differences.ts'
import { drawing } from './draw.ts'
import { fillFromArchive } from './fill-from-archive.ts'
import { underLock } from './lock.ts'
import type { Pace } from './pace.ts'
import type { Ring } from './port.ts'
import { ring } from './postgres-rings.ts'
import { RebuildRefused } from './refusal.ts'
import { register } from './register.ts'
import { retryParked } from './ring-parked.ts'
import { createShadow, finishShadow, hasSchema, isOfToday, qualified, SERVING, schemaOf } from './shadow.ts'
import { switchTo } from './switch.ts'
import { switchRows } from './switch-rows.ts'
import { countDifference, type Verification, verifyDrawn, verifyStreams } from './verification.ts'

export type RebuildDeps = {
  readonly events: Pick<EventStore, 'read' | 'tail'>
  readonly scan: CommitScan
  readonly decode: RecordedEventsOf
  /** Of the tables' owner; at least four connections. */
  readonly pool: Pool
  /** The same, where names without a schema are looked for in the given one first. */
  readonly poolIn: (schema: string) => Pool
  /** All archived commits in order of time. */
  readonly archive: () => AsyncIterable<Commit>
  /** Commits in the event table, more or less. */
  readonly size: number
  readonly pace: Pace
  readonly log: Log
}

export type RebuildOptions = {
  /** Parts of the event table that are read side by side. */
  readonly segments: number
  /** Only this tenant's rows are rebuilt. */
  readonly tenant?: string
  /** Read the archive instead of the event table. */
  readonly fromArchive?: boolean
  /** Begin anew even if an earlier run could be gone on with. */
  readonly restart?: boolean
}

/** What goes on, for whoever watches. `reading`: items read and events folded since the last call. */
export type Step =
  | { readonly _tag: 'Begun'; readonly resumed: boolean; readonly segments: number }
  | { readonly _tag: 'Read'; readonly items: number; readonly events: number }
  | { readonly _tag: 'Indexing' | 'Verifying' | 'CatchingUp' | 'Switching' }

export type Watch = { readonly onStep: (step: Step) => void; readonly signal: AbortSignal }

export type Rebuilt = Counts & {
  readonly projection: string
  readonly version: number
  /** Streams that changed while the rebuild ran. */
  readonly caughtUp: number
  /** Milliseconds that projectors, and at the end readers, had to wait. */
  readonly lockedMs: number
}

const begin = (
  { pool, size }: RebuildDeps,
  model: ReadModel,
  schema: string,
  { segments, tenant, fromArchive = false }: RebuildOptions,
): Promise<void> =>
  inTransaction(pool, 'BEGIN', async (client) => {
    await createShadow(client, schema, model)
    const oneIn = Math.max(1, Math.round(size / 200))
    const origin = fromArchive ? 'archive' : 'events'
    const book = { version: model.version, origin, segments, tenant: tenant ?? null, oneIn, phase: 'copying' } as const
    await createBooks(client, schema, book)
    if (fromArchive) await finishShadow(client, schema, model)
    await register(client, model.name)
  })

/** The book of an earlier run that can be gone on with. */
const unfinished = async (
  { pool }: RebuildDeps,
  model: ReadModel,
  schema: string,
  { tenant, restart, fromArchive = false }: RebuildOptions,
): Promise<Book | undefined> => {
  if (restart || !(await hasSchema(pool, schema))) return undefined
  const book = await readBook(pool, schema)
  const { rows } = await pool.query('SELECT FROM rebuilds WHERE projection = $1', [model.name])
  const origin = fromArchive ? 'archive' : 'events'
  const same =
    book?.origin === origin && book.version === model.version && book.tenant === (tenant ?? null) && rows.length > 0
  return same && (await isOfToday(pool, schema, model)) ? book : undefined
}

const told = ({ table, key, expected, found }: Difference): string =>
  `${table} ${JSON.stringify(key)}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`

/** What came through the gate, from an archive, kept no books of its own that could be compared. */
const verify = async (work: Verification, origin: Book['origin']): Promise<void> => {
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
    `${rows.length} streams cannot be applied that the serving view has applied, the first: ${first.tenant} ${first.stream_type}/${first.stream_id} at version ${first.version}: ${first.error}`,
  )
}

/** Follows what was rung until the generation is level with the one that serves, then lets it serve. */
export const followAndSwitch = async (
  work: CatchUp,
  version: number,
  { onStep }: Watch,
): Promise<Omit<Rebuilt, 'projection' | 'version'>> => {
  onStep({ _tag: 'CatchingUp' })
  await ringBehind(work)
  const caughtUp = await answerRings(work, 0)
  await expectNoneParked(work)
  const counts = await countsOf(work.pool, work.model, work.schema)
  onStep({ _tag: 'Switching' })
  const lockedMs = work.tenant === undefined ? await switchTo(work, version) : await switchRows(work, work.tenant)
  await work.pool.query(`DROP SCHEMA IF EXISTS ${escapeIdentifier(work.schema)} CASCADE`)
  return { ...counts, caughtUp, lockedMs }
}

/** What brings a generation in `schema` level with the one that serves, through the gate of the live projector. */
export const followerOf = (
  { poolIn, pool, events, log, decode }: RebuildDeps,
  model: ReadModel,
  schema: string,
  signal: AbortSignal,
  tenant?: string,
): { readonly work: CatchUp; readonly close: () => Promise<void> } => {
  const own = poolIn(schema)
  const deps = { views: postgresViewStore(own), events, log }
  return {
    work: { model, decode, deps, pool, schema, signal, ...(tenant !== undefined && { tenant }) },
    close: () => own.end(),
  }
}

const fillThroughGate = async (
  deps: RebuildDeps,
  model: ReadModel,
  schema: string,
  { tenant }: Book,
  { onStep, signal }: Watch,
): Promise<void> => {
  const { work, close } = followerOf(deps, model, schema, signal, tenant ?? undefined)
  const onProgress = (items: number, events: number) => onStep({ _tag: 'Read', items, events })
  await fillFromArchive(work, deps.archive(), onProgress).finally(close)
  await turnTo(deps.pool, schema, 'verifying')
}

/** Reads all events that are not read yet into the generation, and makes its indexes. */
const fill = async (
  deps: RebuildDeps,
  model: ReadModel,
  schema: string,
  { segments, tenant, oneIn }: Book,
  { onStep, signal }: Watch,
): Promise<void> => {
  const work = {
    ...deps,
    model,
    schema,
    segments,
    isDrawn: drawing(oneIn),
    leave: (client: ClientBase, rings: ReadonlyArray<Ring>) => ring(client, model.name, rings),
    onProgress: (items: number, events: number) => onStep({ _tag: 'Read', items, events }),
    signal,
    ...(tenant !== null && { tenant }),
  }
  await backfill(work, await readSegments(deps.pool, schema))
  signal.throwIfAborted()
  onStep({ _tag: 'Indexing' })
  try {
    await inTransaction(deps.pool, 'BEGIN', async (client) => {
      await finishShadow(client, schema, model)
      await turnTo(client, schema, 'verifying')
    })
  } catch (error) {
    // A key that two streams have, or a sum that a constraint forbids: which stream is at fault, nobody can tell.
    if (!(error instanceof DatabaseError) || !isFaultOfValues(error)) throw error
    throw new RebuildRefused(
      `its tables refuse what was folded: ${error.message}${error.detail ? ` (${error.detail})` : ''}`,
    )
  }
}

/**
 * Rebuilds a view beside the one that serves, verifies it and lets it serve. What was begun by an earlier run is gone on with. Until
 * the last step nothing that serves changes; whenever it rejects, the same call goes on where it stopped. Rejects with
 * `RebuildRefused` when another run is at work, or when what was built must not serve.
 */
export const rebuild = (deps: RebuildDeps, model: ReadModel, options: RebuildOptions, watch: Watch): Promise<Rebuilt> =>
  underLock(deps.pool, model.name, async () => {
    const { pool, decode, events } = deps
    const schema = schemaOf('rebuild', model.name)
    const earlier = await unfinished(deps, model, schema, options)
    if (earlier === undefined) await begin(deps, model, schema, options)
    const book = earlier ?? (await readBook(pool, schema))
    if (book === undefined) throw new Error(`${schema} was removed while it was being built`)
    watch.onStep({ _tag: 'Begun', resumed: earlier !== undefined, segments: book.segments })
    const filling = book.origin === 'archive' ? fillThroughGate : fill
    if (book.phase === 'copying') await filling(deps, model, schema, book, watch)
    if (book.phase !== 'following') {
      watch.signal.throwIfAborted()
      watch.onStep({ _tag: 'Verifying' })
      await verify({ model, decode, events, pool, schema }, book.origin)
      await turnTo(pool, schema, 'following')
    }
    if (earlier?.phase === 'following') await retryParked(deps, model, schema)
    const { work, close } = followerOf(deps, model, schema, watch.signal, options.tenant)
    try {
      return { projection: model.name, version: model.version, ...(await followAndSwitch(work, model.version, watch)) }
    } finally {
      await close()
    }
  })
