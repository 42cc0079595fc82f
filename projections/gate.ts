import { type Commit, lastVersion } from '../infra/event-store/port.ts'

/**
 * `drop`: the view holds it already. `apply`: it comes next. `gap`: something before it has not arrived;
 * the event store knows what.
 */
export type Verdict = 'drop' | 'apply' | 'gap'

/**
 * What to do with a commit that a feed delivered (again, late or out of order) when the view holds its stream up to version
 * `checkpoint` (0: nothing of it). A commit that starts within what the view holds but ends behind it does not exist in an
 * intact stream: it counts as a gap, so that the event store's reader finds the fault.
 */
export const gate = (checkpoint: number, commit: Pick<Commit, 'version' | 'events'>): Verdict => {
  if (commit.version + commit.events.length - 1 <= checkpoint) return 'drop'
  return commit.version === checkpoint + 1 ? 'apply' : 'gap'
}

/** The commits behind `checkpoint`, in order, when they follow it without a gap; `undefined` when one is missing. */
export const contiguous = (checkpoint: number, commits: ReadonlyArray<Commit>): ReadonlyArray<Commit> | undefined => {
  const next: Commit[] = []
  let version = checkpoint
  for (const commit of commits.toSorted((one, other) => one.version - other.version)) {
    switch (gate(version, commit)) {
      case 'drop':
        break
      case 'apply':
        next.push(commit)
        version = lastVersion(commit)
        break
      case 'gap':
        return undefined
    }
  }
  return next
}
