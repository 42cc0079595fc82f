import * as E from 'fp-ts/lib/Either.js'
import { partitionKeyOf } from '../../../infra/event-store/keys.ts'
import type { Commit } from '../../../infra/event-store/port.ts'
import type { CommitScan, Scanned } from '../../../infra/event-store/scan.ts'

const scannedOf = (commit: Commit): Scanned => ({
  stream: commit.stream,
  version: commit.version,
  commit: E.right(commit),
})

const rank = ({ stream, version }: Pick<Scanned, 'stream' | 'version'>): string =>
  `${partitionKeyOf(stream)}#${String(version).padStart(10, '0')}`

const segmentOf = ({ stream }: Scanned, of: number): number =>
  [...partitionKeyOf(stream)].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7) % of

/** Commits as a scan of the event table finds them: by segment, stream by stream, in pages of a few. */
export const memoryScan = (
  commits: () => ReadonlyArray<Commit>,
  pageSize = 3,
  betweenPages: () => Promise<void> = async () => {},
): CommitScan =>
  async function* ({ segment, of, streamTypes, tenant, after }) {
    const found = commits()
      .map(scannedOf)
      .filter((each) => segmentOf(each, of) === segment)
      .toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1))
      .filter((each) => after === undefined || rank(each) > rank(after))
    for (let at = 0; at < found.length || at === 0; at += pageSize) {
      const page = found.slice(at, at + pageSize)
      yield {
        commits: page.filter(
          ({ stream }) =>
            (streamTypes?.includes(stream.type) ?? true) && (tenant === undefined || stream.tenant === tenant),
        ),
        read: page.length,
        units: page.length,
      }
      await betweenPages()
    }
  }
