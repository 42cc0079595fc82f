import type { Commit } from '../event-store/port.ts'
import type { ConditionalObjects } from '../objects/port.ts'
import { archiveDocuments, Hours, Manifest, type Part, Tenants } from './documents.ts'
import { CorruptArchive } from './fault.ts'
import { HOURS_KEY, hourOf, manifestKeyOf, TENANTS_KEY } from './keys.ts'
import { openPart, writeParts } from './part.ts'

/** Commits of one hour by their ids, ascending. */
type Batch = ReadonlyMap<string, Commit>

const expectSame = (one: Commit, other: Commit, where: string): void => {
  if (one.hash !== other.hash) throw new CorruptArchive(where, `is to hold two commits with the id ${one.commitId}`)
}

const byHour = (commits: ReadonlyArray<Commit>): ReadonlyMap<string, Batch> => {
  const hours = new Map<string, Map<string, Commit>>()
  for (const commit of commits.toSorted((one, other) => (one.commitId < other.commitId ? -1 : 1))) {
    const hour = hourOf(commit.commitId)
    const batch = hours.get(hour) ?? new Map<string, Commit>()
    expectSame(commit, batch.get(commit.commitId) ?? commit, manifestKeyOf(hour))
    hours.set(hour, batch.set(commit.commitId, commit))
  }
  return hours
}

/** Those that no part holds. Only parts that reach into the batch are read, one at a time. */
const unknownTo = async (
  objects: ConditionalObjects,
  parts: ReadonlyArray<Part>,
  batch: Batch,
): Promise<ReadonlyArray<Commit>> => {
  const unknown = new Map(batch)
  const ids = [...batch.keys()]
  for (const part of parts) {
    if (!ids.some((id) => part.first <= id && id <= part.last)) continue
    for (const held of await openPart(objects, part)) {
      expectSame(held, batch.get(held.commitId) ?? held, part.key)
      unknown.delete(held.commitId)
    }
  }
  return [...unknown.values()]
}

const listParts = (objects: ConditionalObjects, hour: string, batch: Batch): Promise<void> =>
  archiveDocuments(objects).change(manifestKeyOf(hour), Manifest, async (manifest): Promise<Manifest | null> => {
    const parts = manifest?.parts ?? []
    const unknown = await unknownTo(objects, parts, batch)
    if (unknown.length === 0) return null
    const written = await writeParts(objects, hour, unknown)
    return {
      format: 1,
      hour,
      parts: [...parts, ...written].toSorted((one, other) => (one.first < other.first ? -1 : 1)),
    }
  })

const listHour = (objects: ConditionalObjects, hour: string): Promise<void> =>
  archiveDocuments(objects).change(HOURS_KEY, Hours, async (listed): Promise<Hours | null> => {
    const hours = listed?.hours ?? []
    return hours.includes(hour) ? null : { format: 1, hours: [...hours, hour].toSorted() }
  })

const listTenants = (objects: ConditionalObjects, fresh: ReadonlyArray<string>): Promise<void> =>
  archiveDocuments(objects).change(TENANTS_KEY, Tenants, async (listed): Promise<Tenants | null> => {
    const tenants = new Set(listed?.tenants ?? [])
    return fresh.every((tenant) => tenants.has(tenant))
      ? null
      : { format: 1, tenants: [...tenants.union(new Set(fresh))].toSorted() }
  })

/** Keeps commits for ever, each once by its id. */
export type Archive = {
  /**
   * When it resolves, each of these commits is in the archive once, whoever else brought it before or brings it meanwhile. Where it
   * rejects, some of them may be, and it is to be asked again. Rejects with `ObjectStorageFault` when the storage is away, with
   * `CorruptArchive` when what it would add to cannot be trusted.
   */
  readonly add: (commits: ReadonlyArray<Commit>) => Promise<void>
}

/**
 * Keeps commits in object storage, as gzipped JSON lines by hour. The manifest of an hour is the truth: it is changed by
 * compare-and-swap, from a state whose parts hold each commit once to one that adds none of those (decision 18).
 */
export const archiveIn = (objects: ConditionalObjects): Archive => {
  const known = new Set<string>()
  return {
    add: async (commits) => {
      const fresh = [...new Set(commits.map(({ stream }) => stream.tenant))].filter((tenant) => !known.has(tenant))
      if (fresh.length > 0) await listTenants(objects, fresh)
      for (const tenant of fresh) known.add(tenant)
      for (const [hour, batch] of byHour(commits)) {
        await listParts(objects, hour, batch)
        await listHour(objects, hour)
      }
    },
  }
}
