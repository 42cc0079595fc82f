import { hashChains } from '../event-store/chain.ts'
import { partitionKeyOf } from '../event-store/keys.ts'
import type { Commit } from '../event-store/port.ts'
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

/** What is wrong with a commit's place in its stream. */
const placeFault = ({ follow }: ReturnType<typeof hashChains>, commit: Commit): string | null => {
  const { stream, version } = commit
  const name = `${stream.tenant}/${stream.type}/${stream.id}@${version}`
  const { fault, end } = follow(partitionKeyOf(stream), commit)
  if (fault === 'gap') return `commit ${name} does not follow version ${end.version} of its stream`
  return fault === 'chain' ? `commit ${name} does not name the hash of the commit before it` : null
}

/**
 * Reads the whole archive and checks everything that it alone can tell: manifests, parts, commits, and that each stream is there from
 * its first commit on, hash by hash. A stream whose feed is out of order, or one that grows over the turn of an hour meanwhile, may lack a
 * commit that the next run finds. Rejects with
 * `CorruptArchive` when there is no list of hours to go by, with `ObjectStorageFault` when the storage is away.
 */
export const verifyArchive = async (objects: ConditionalObjects, onCommit: () => void): Promise<Verified> => {
  const chains = hashChains()
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
    const fault = placeFault(chains, commit)
    if (fault !== null) note(fault)
    onCommit()
  }
  return { hours: hours.size, commits, streams: chains.streams(), faults, examples }
}
