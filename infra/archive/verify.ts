import { partitionKeyOf } from '../event-store/keys.ts'
import { type Commit, lastVersion } from '../event-store/port.ts'
import { NO_HASH } from '../event-store/position.ts'
import type { ConditionalObjects } from '../objects/port.ts'
import { hourOf } from './keys.ts'
import { readArchive } from './read.ts'

export type Verified = {
  /** Hours that hold commits. */
  readonly hours: number
  readonly commits: number
  readonly streams: number
  readonly faults: number
  /** The first of them, in words. */
  readonly examples: ReadonlyArray<string>
}

const MOST_EXAMPLES = 20

/** Where the archive has come to in a stream: the next commit must stand behind it. */
type End = { readonly version: number; readonly hash: string }

/** Tells what is wrong with a commit's place in its stream, and goes on behind it. Holds some 200 bytes a stream. */
const chains = () => {
  const ends = new Map<string, End>()
  const follow = (commit: Commit): string | null => {
    const { stream, version, previousHash, hash } = commit
    const key = partitionKeyOf(stream)
    const end = ends.get(key) ?? { version: 0, hash: NO_HASH }
    ends.set(key, { version: lastVersion(commit), hash })
    const name = `${stream.tenant}/${stream.type}/${stream.id}@${version}`
    if (version !== end.version + 1) return `commit ${name} does not follow version ${end.version} of its stream`
    return previousHash === end.hash ? null : `commit ${name} does not name the hash of the commit before it`
  }
  return { follow, streams: () => ends.size }
}

/**
 * Reads the whole archive and checks everything that it alone can tell: manifests, parts, commits, and that each stream is there from
 * its first commit on, hash by hash. A stream whose feed is out of order, or one that grows over the turn of an hour meanwhile, may lack a
 * commit that the next run finds. Rejects with
 * `CorruptArchive` when there is no list of hours to go by, with `ObjectStorageFault` when the storage is away.
 */
export const verifyArchive = async (objects: ConditionalObjects, onCommit: () => void): Promise<Verified> => {
  const { follow, streams } = chains()
  const examples: string[] = []
  const hours = new Set<string>()
  let [commits, faults] = [0, 0]
  const note = (fault: string): void => {
    faults += 1
    if (examples.length < MOST_EXAMPLES) examples.push(fault)
  }
  for await (const commit of readArchive(objects, {}, ({ message }) => note(message))) {
    commits += 1
    hours.add(hourOf(commit.commitId))
    const fault = follow(commit)
    if (fault !== null) note(fault)
    onCommit()
  }
  return { hours: hours.size, commits, streams: streams(), faults, examples }
}
