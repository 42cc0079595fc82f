import { positionBehind } from './commit.ts'
import { type Commit, CorruptCommit, lastVersion, type Slice } from './port.ts'

/** Checks that the commits of one stream follow each other: versions without a gap, each naming the hash before it. */
export const inSequence = (after: number): ((commit: Commit) => Slice) => {
  let version = after
  let hash: string | undefined
  return (commit) => {
    if (commit.version !== version + 1) {
      throw new CorruptCommit(commit.stream, commit.version, `it follows version ${version}`)
    }
    if (hash !== undefined && commit.previousHash !== hash) {
      throw new CorruptCommit(commit.stream, commit.version, 'it does not name the hash of the commit before it')
    }
    version = lastVersion(commit)
    hash = commit.hash
    return { commit, position: positionBehind(commit) }
  }
}
