import { archiveDocuments, Hours, Manifest } from '../../../infra/archive/documents.ts'
import { HOURS_KEY, manifestKeyOf } from '../../../infra/archive/keys.ts'
import { type ArchiveRange, readArchive } from '../../../infra/archive/read.ts'
import type { Commit } from '../../../infra/event-store/port.ts'
import type { ConditionalObjects } from '../../../infra/objects/port.ts'

export const readAll = (objects: ConditionalObjects, range?: ArchiveRange): Promise<ReadonlyArray<Commit>> =>
  Array.fromAsync(readArchive(objects, range))

export const manifestsOf = async (objects: ConditionalObjects): Promise<ReadonlyArray<Manifest>> => {
  const { hours } = await archiveDocuments(objects).read(HOURS_KEY, Hours)
  return Promise.all(hours.map((hour) => archiveDocuments(objects).read(manifestKeyOf(hour), Manifest)))
}

/** How many lines all listed parts have: as many as commits, when each is there once. */
export const listedLines = async (objects: ConditionalObjects): Promise<number> =>
  (await manifestsOf(objects)).flatMap(({ parts }) => parts).reduce((sum, { commits }) => sum + commits, 0)
