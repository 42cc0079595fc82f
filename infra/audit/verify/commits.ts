import { hashChains } from '../../event-store/chain.ts'
import { Entry, nameOf } from '../digest.ts'
import { classified, lineOf } from './classify.ts'
import type { Finding } from './finding.ts'
import { hashesOf, type Placed, placedOf } from './line.ts'
import { collected, documentsOf, linesOf } from './read.ts'

/** An export may leave commits of a stream out: where they follow each other, each names the hash of the one before it. */
const linkFinding = (
  { follow }: ReturnType<typeof hashChains>,
  { stream, version, previousHash, events }: Placed,
  hash: string,
): Finding | undefined => {
  const { fault } = follow(`${stream.tenant}/${stream.type}/${stream.id}`, { version, previousHash, events, hash })
  return fault === 'chain'
    ? { kind: 'chain', where: nameOf({ stream, version }), message: 'does not name the hash of the commit before it' }
    : undefined
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
  const chains = hashChains()
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
      finding ??= linkFinding(chains, placed, hashes.named)
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
