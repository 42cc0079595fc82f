import { setTimeout as sleep } from 'node:timers/promises'
import * as t from 'io-ts'
import type { AuditDeps } from '../../read-api/audit/audit-events.ts'
import { strict } from '../../schemas/strict.ts'
import { archiveDocuments, Hours, Tenants } from '../archive/documents.ts'
import { HOURS_KEY, TENANTS_KEY } from '../archive/keys.ts'
import { CorruptTrail } from '../audit/corrupt-trail.ts'
import { digestsIn } from '../audit/digests.ts'
import type { ExportDeps } from '../audit/export/export.ts'
import type { TrailKeys } from '../audit/trail-keys.ts'
import { backOff } from '../back-off.ts'
import { dynamoTimeIndex } from '../event-store/dynamo-time-index.ts'
import type { TimeBounds } from '../event-store/time-bounds.ts'
import type { TimeIndex } from '../event-store/time-index.ts'
import { type Documents, documentsIn } from '../objects/documents.ts'
import type { ConditionalObjects } from '../objects/port.ts'
import { once } from '../once.ts'
import type { StoreEngines } from './event-store.ts'

const GENESIS_KEY = 'audit/genesis.json'
const Genesis = strict({ from: t.string })
const HOUR_MS = 3_600_000

/** A write that takes its time may be missed by who reads so close behind the present. */
const RECENT: TimeBounds = { clockSkew: 500, stampLife: 0, straggling: 0, indexing: 0 }

const clock = (): Date => new Date()

export const trailDocuments = (objects: ConditionalObjects): Documents =>
  documentsIn(objects, (key, reason) => new CorruptTrail(`object ${key} of the trail ${reason}`))

export type Trail = ExportDeps & { readonly tenants: () => Promise<ReadonlyArray<string>> }

/** Commits from before there was a trail are in the archive. */
const beginningIn = async (objects: ConditionalObjects): Promise<string> => {
  const [hour] = (await archiveDocuments(objects).find(HOURS_KEY, Hours))?.hours ?? []
  const begun = new Date(clock().getTime() - HOUR_MS).toISOString()
  const archived = hour === undefined ? begun : `${hour}:00:00.000Z`
  return archived < begun ? archived : begun
}

/** Those that have commits in the archive. */
export const tenantsIn = (objects: ConditionalObjects) => async (): Promise<ReadonlyArray<string>> =>
  (await archiveDocuments(objects).find(TENANTS_KEY, Tenants))?.tenants ?? []

/** When the trail begins: decided once, and remembered in object storage by who seals. */
const genesisIn = (objects: ConditionalObjects): (() => Promise<Date>) => {
  const documents = trailDocuments(objects)
  return once(async () => {
    await documents.change(GENESIS_KEY, Genesis, async (known) =>
      known === null ? { from: await beginningIn(objects) } : null,
    )
    return new Date((await documents.read(GENESIS_KEY, Genesis)).from)
  })
}

/** The same for who may only read: where nothing was sealed yet, what would be decided now. */
const knownGenesisIn = (objects: ConditionalObjects): (() => Promise<Date>) =>
  once(async () => {
    const known = await trailDocuments(objects).find(GENESIS_KEY, Genesis)
    return new Date(known?.from ?? (await beginningIn(objects)))
  })

const timeIndex = ({ client, table, objects }: StoreEngines, bounds: TimeBounds): TimeIndex =>
  dynamoTimeIndex({ client, table, backOff, clock, bounds, objects })

/** For reading what was done a moment ago, and not for sealing. @param objects of the archive and the digests. */
export const recentTrail = (engines: StoreEngines, objects: ConditionalObjects): AuditDeps => ({
  recent: timeIndex(engines, RECENT),
  genesis: knownGenesisIn(objects),
  clock,
  sleep,
})

/** The audit trail of an event store. @param objects of the archive, the digests and the history of keys. */
export const trailOn = (
  engines: StoreEngines,
  objects: ConditionalObjects,
  keys: (documents: Documents, clock: () => Date) => TrailKeys,
): Trail & { readonly keys: TrailKeys } => {
  const trailKeys = keys(trailDocuments(objects), clock)
  return {
    index: timeIndex(engines, engines.bounds),
    digests: digestsIn(objects),
    keys: trailKeys,
    signer: trailKeys.signer,
    history: trailKeys.history,
    clock,
    sleep: (ms) => sleep(ms),
    genesis: genesisIn(objects),
    tenants: tenantsIn(objects),
  }
}
