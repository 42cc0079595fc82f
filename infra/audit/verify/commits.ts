import { NO_HASH } from '../../event-store/position.ts'
import { Entry, nameOf } from '../digest.ts'
import { classified, lineOf } from './classify.ts'
import type { Finding } from './finding.ts'
import { hashesOf, type Placed, placedOf } from './line.ts'
import { collected, documentsOf, linesOf } from './read.ts'

/** Follows each stream's hashes where its commits follow each other; answers the first that does not name the one before it. */
const chains = () => {
  const ends = new Map<string, { readonly version: number; readonly hash: string }>()
  return ({ stream, version, previousHash, events }: Placed, hash: string): Finding | undefined => {
    const key = `${stream.tenant}/${stream.type}/${stream.id}`
    const end = version === 1 ? { version: 0, hash: NO_HASH } : ends.get(key)
    ends.set(key, { version: version + events.length - 1, hash })
    return end?.version === version - 1 && end.hash !== previousHash
      ? { kind: 'chain', where: nameOf({ stream, version }), message: 'does not name the hash of the commit before it' }
      : undefined
  }
}

const isNamedBy = (entry: Entry, { commitId, stream: { tenant, type, id }, version }: Placed): boolean =>
  entry.commitId === commitId &&
  entry.version === version &&
  entry.stream.tenant === tenant &&
  entry.stream.type === type &&
  entry.stream.id === id

/** The first finding of the chains; 'mismatch' as soon as a line is not the commit that the index has there. */
const streamed = async (dir: string, file: string): Promise<Finding | 'mismatch' | undefined> => {
  const entries = documentsOf(dir, 'index.jsonl', Entry, 'file')
  const follow = chains()
  let finding: Finding | undefined
  for await (const lines of linesOf(dir, file)) {
    for (const line of lines) {
      const entry = await entries.next()
      const hashes = hashesOf(line)
      if (entry.done || hashes?.named !== entry.value.hash || hashes.recomputed !== hashes.named) return 'mismatch'
      const placed = placedOf(line)
      if (placed === undefined) return 'mismatch'
      if (!isNamedBy(entry.value, placed))
        return { kind: 'altered', where: nameOf(entry.value), message: 'is another commit than the index says' }
      finding ??= follow(placed, hashes.named)
    }
  }
  return (await entries.next()).done ? finding : 'mismatch'
}

/** Compares the commits with the index, line by line; what is wrong is told apart only where something is, for that holds all hashes in memory. */
export const commitFindings = async (dir: string, file: string): Promise<ReadonlyArray<Finding>> => {
  const finding = await streamed(dir, file)
  if (finding !== 'mismatch') return finding === undefined ? [] : [finding]
  const entries = await collected(documentsOf(dir, 'index.jsonl', Entry, 'file'))
  const lines = (await collected(linesOf(dir, file))).flatMap((some) => some.map(lineOf))
  return classified(entries, lines)
}
