import * as E from 'fp-ts/lib/Either.js'
import type { Commit } from '../event-store/port.ts'
import type { CommitScan } from '../event-store/scan.ts'
import { openingOf, type Privacy } from './private-events.ts'

/** A scan that hands out what is personal in the open. */
export const privateScan = (scan: CommitScan, privacy: Privacy): CommitScan => {
  const opening = openingOf(privacy)
  return async function* (range) {
    for await (const page of scan(range)) {
      const intact = page.commits.flatMap(({ commit }) => (E.isRight(commit) ? [commit.right] : []))
      const opened = await opening.commits(intact)
      const openedOf = new Map(intact.map((commit, nth) => [commit, opened[nth] ?? commit]))
      const commits = page.commits.map((scanned) => ({
        ...scanned,
        commit: E.map((commit: Commit) => openedOf.get(commit) ?? commit)(scanned.commit),
      }))
      yield { ...page, commits }
    }
  }
}

/** Commits that are opened with one question about their keys. */
const PAGE = 500

/** Commits in their order, with what is personal in the open. */
export const privateCommits = async function* (
  commits: AsyncIterable<Commit>,
  privacy: Privacy,
): AsyncGenerator<Commit, void, undefined> {
  const opening = openingOf(privacy)
  let page: Commit[] = []
  for await (const commit of commits) {
    page.push(commit)
    if (page.length < PAGE) continue
    yield* await opening.commits(page)
    page = []
  }
  yield* await opening.commits(page)
}
