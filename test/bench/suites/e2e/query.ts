import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Pool } from 'pg'
import { memoryEventStore } from '../../../../infra/event-store/memory.ts'
import { systemStamp } from '../../../../infra/event-store/stamp.ts'
import type { Engine } from '../../../../infra/local/engines/engine.ts'
import { ownerPool, readerPool } from '../../../../infra/postgres/pool.ts'
import type { ReadDeps } from '../../../../read-api/read-deps.ts'
import type { Operation } from '../../../../schemas/endpoint.ts'
import type { Arm, Case } from '../../bench.ts'
import { startChild } from '../../child.ts'
import { rssOf } from '../../machine.ts'
import { readsFrom, recordingReads, type Statement } from '../../recording.ts'
import { timedEach } from '../../stopwatch.ts'
import type { RunningApi } from './api.ts'
import { httpRounds } from './http-rounds.ts'

export type QuerySetup = {
  readonly api: RunningApi
  readonly postgres: Engine
  /** Queries a round, one after the other. */
  readonly count: number
}

export type Asked = {
  readonly tenant: string
  readonly operation: (deps: ReadDeps) => Operation
  readonly query: Readonly<Record<string, string>>
}

type Reads = Pick<ReadDeps, 'asReader' | 'readsOf'>
type Recorded = { readonly path: string; readonly queries: ReadonlyArray<Statement>; readonly statements: number }

/** Asks the read API without a server: from the query string's decoding to the answer, transaction and tenant's wall included. */
const answering = ({ tenant, operation, query }: Asked, reads: Reads) => {
  const clock = { now: () => performance.now(), sleep: () => Promise.resolve() }
  const { path, serve } = operation({ ...reads, events: memoryEventStore(systemStamp()), clock })
  const caller = { tenant, subject: 'bench', roles: [] }
  const request = { caller, params: {}, query, body: undefined, header: () => undefined, correlationId: 'bench' }
  const answer = async (): Promise<unknown> => {
    const served = await serve(request)
    if (E.isLeft(served)) throw new Error(`${path} was refused: ${served.left.title}`)
    return served.right.body
  }
  return { path, answer }
}

/** Lets the read API answer once and writes down the SQL that it runs, so that all arms run the same. */
const record = async (pool: Pool, asked: Asked): Promise<Recorded> => {
  const { reads, queries, statements } = recordingReads(pool)
  const { path, answer } = answering(asked, reads)
  await answer()
  return { path: `${path}?${new URLSearchParams(asked.query)}`, queries, statements: statements() }
}

const times = (count: number): ReadonlyArray<number> => Array.from({ length: count }, (_, nth) => nth)

/** The queries alone, by `pg`, as the tables' owner: no transaction, no row-level security, nothing decoded. */
const bare = (pool: Pool, { queries }: Recorded, count: number): Arm => ({
  name: 'bare',
  requestsPerOp: queries.length,
  round: () =>
    timedEach(times(count), 1, async () => {
      for (const { text, values } of queries) await pool.query(text, [...values])
    }),
})

const BARE_SERVER = new URL('./bare-server-process.ts', import.meta.url)
const Serving = t.strict({ url: t.string })

/** The queries alone, behind an HTTP server in a process of its own, which answers their rows. */
const bareHttp = async (
  { postgres, count }: QuerySetup,
  { queries }: Recorded,
  cleanUp: AsyncDisposableStack,
): Promise<Arm> => {
  const ask = await startChild(BARE_SERVER, [], cleanUp)
  const serving = await ask({ postgresUrl: postgres.url, queries })
  if (!Serving.is(serving)) throw new Error('the bare server does not serve')
  const round = httpRounds({ url: serving.url, path: '/', headers: {}, count }, cleanUp)
  return { name: 'bare-http', requestsPerOp: queries.length, round }
}

const daybook = async (
  { api, count }: QuerySetup,
  { path, statements }: Recorded,
  tenant: string,
  cleanUp: AsyncDisposableStack,
): Promise<Arm> => {
  const headers = await api.callerOf(tenant)
  const round = httpRounds({ url: api.url, path, headers, count }, cleanUp)
  return { name: 'daybook', requestsPerOp: statements, rssMb: () => rssOf(api.pid), round }
}

const inProcess = (pool: Pool, asked: Asked, { statements }: Recorded, count: number): Arm => {
  const { answer } = answering(asked, readsFrom(pool))
  return {
    name: 'daybook-in-process',
    requestsPerOp: statements,
    round: () => timedEach(times(count), 1, async () => void JSON.stringify(await answer())),
  }
}

/** Queries a second through HTTP, and by the read API in this process, against the same SQL without it, with HTTP and without. */
export const queryCase = (
  name: string,
  setup: QuerySetup,
  asked: Asked,
  seed: (pool: Pool, tenant: string) => Promise<void>,
): Case => ({
  name,
  unit: 'queries/s',
  prepare: async (cleanUp) => {
    const pool = ownerPool(setup.postgres.url, { max: 1 })
    cleanUp.defer(() => pool.end())
    const readers = readerPool(setup.postgres.url, { max: 1 })
    cleanUp.defer(() => readers.end())
    await seed(pool, asked.tenant)
    const recorded = await record(readers, asked)
    return [
      bare(pool, recorded, setup.count),
      await bareHttp(setup, recorded, cleanUp),
      inProcess(readers, asked, recorded, setup.count),
      await daybook(setup, recorded, asked.tenant, cleanUp),
    ]
  },
})
