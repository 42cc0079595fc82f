import type { Commit } from '../event-store/port.ts'
import type { ConditionalObjects } from '../objects/port.ts'
import { ulidPrefix } from '../ulids.ts'
import { archiveDocuments, Hours, Manifest, type Part } from './documents.ts'
import { CorruptArchive } from './fault.ts'
import { HOURS_KEY, isPartOf, manifestKeyOf } from './keys.ts'
import { merged } from './merge.ts'
import { openPart } from './part.ts'

/** `from` <= time < `to`; without them, from the first commit and to the last one. */
export type ArchiveRange = { readonly from?: Date; readonly to?: Date }

/** The ids of a range: `least` <= id < `behind`. */
type Ids = { readonly least: string; readonly behind: string }

/** Greater than every ULID. */
const BEHIND_ALL = '~'

const HOUR = /^\d{4}-\d\d-\d\dT\d\d$/
const HOUR_MS = 3_600_000

const startOf = (hour: string): number => (HOUR.test(hour) ? Date.parse(`${hour}:00:00.000Z`) : Number.NaN)

/** Every hour that is listed, checked. */
const listedHours = async (objects: ConditionalObjects): Promise<ReadonlyArray<string>> => {
  const { hours } = await archiveDocuments(objects).read(HOURS_KEY, Hours)
  for (const [index, hour] of hours.entries()) {
    if (Number.isNaN(startOf(hour))) throw new CorruptArchive(HOURS_KEY, `lists an hour that is none: ${hour}`)
    if (index > 0 && hour <= (hours[index - 1] ?? '')) throw new CorruptArchive(HOURS_KEY, `is not in order at ${hour}`)
  }
  return hours
}

/** The parts of an hour, checked as far as can be told before any is read. */
const listedParts = async (objects: ConditionalObjects, hour: string): Promise<ReadonlyArray<Part>> => {
  const key = manifestKeyOf(hour)
  const manifest = await archiveDocuments(objects).read(key, Manifest)
  if (manifest.hour !== hour) throw new CorruptArchive(key, `is that of another hour, ${manifest.hour}`)
  const [least, behind] = [ulidPrefix(startOf(hour)), ulidPrefix(startOf(hour) + HOUR_MS)]
  let before = ''
  for (const part of manifest.parts) {
    const { first, last } = part
    if (!isPartOf(hour, part) || first > last || first < least || last >= behind) {
      throw new CorruptArchive(key, `lists ${part.key}, which is no part of its hour`)
    }
    if (first < before) throw new CorruptArchive(key, `is not in order at ${part.key}`)
    before = first
  }
  return manifest.parts
}

/** Tells of faults; where that does not throw, what is at fault ends where the fault is. */
type Tell = (error: unknown) => void

const opening = (objects: ConditionalObjects, tell: Tell) =>
  async function* (part: Part): AsyncGenerator<Commit, void, undefined> {
    try {
      yield* await openPart(objects, part)
    } catch (error) {
      tell(error)
    }
  }

async function* readHour(
  objects: ConditionalObjects,
  hour: string,
  { least, behind }: Ids,
  tell: Tell,
): AsyncGenerator<Commit, void, undefined> {
  const parts = await listedParts(objects, hour)
  const concerned = parts.filter(({ first, last }) => last >= least && first < behind)
  let before = ''
  for await (const commit of merged(concerned, opening(objects, tell))) {
    const { commitId } = commit
    if (commitId === before) tell(new CorruptArchive(manifestKeyOf(hour), `holds commit ${commitId} twice`))
    else if (commitId >= least && commitId < behind) yield commit
    before = commitId
  }
}

const rethrow = (fault: CorruptArchive): void => {
  throw fault
}

/**
 * The archived commits of all tenants in order of their ids, each once, every part verified against its manifest and every commit
 * against its hash. Holds the parts that overlap (merge.ts). What is added meanwhile to an hour that was begun is not among them.
 * Iterating rejects with `CorruptArchive`, which names the object that is missing, truncated or altered, and with
 * `ObjectStorageFault` when the storage is away. @param onFault gets the faults of hours and parts instead, and the reading goes on
 * behind what is at fault.
 */
export async function* readArchive(
  objects: ConditionalObjects,
  { from, to }: ArchiveRange = {},
  onFault: (fault: CorruptArchive) => void = rethrow,
): AsyncGenerator<Commit, void, undefined> {
  const tell: Tell = (error) => {
    if (!(error instanceof CorruptArchive)) throw error
    onFault(error)
  }
  const [begin, end] = [from?.getTime() ?? Number.NEGATIVE_INFINITY, to?.getTime() ?? Number.POSITIVE_INFINITY]
  const ids: Ids = { least: from ? ulidPrefix(begin) : '', behind: to ? ulidPrefix(end) : BEHIND_ALL }
  for (const hour of await listedHours(objects)) {
    const start = startOf(hour)
    if (start >= end) return
    if (start + HOUR_MS <= begin) continue
    try {
      yield* readHour(objects, hour, ids, tell)
    } catch (error) {
      tell(error)
    }
  }
}
