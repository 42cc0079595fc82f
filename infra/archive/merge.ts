import type { Commit } from '../event-store/port.ts'
import type { Part } from './documents.ts'

/** The unread rest of a part, behind its next commit. */
type Cursor = { readonly head: Commit; readonly rest: AsyncIterator<Commit> }

const cursorOf = async (rest: AsyncIterator<Commit>): Promise<ReadonlyArray<Cursor>> => {
  const next = await rest.next()
  return next.done ? [] : [{ head: next.value, rest }]
}

const inOrder = (cursors: ReadonlyArray<Cursor>): ReadonlyArray<Cursor> =>
  cursors.toSorted((one, other) => (one.head.commitId < other.head.commitId ? -1 : 1))

/**
 * Merges parts into one sequence that ascends by commit id. A part is opened when its first commit's turn comes and let go behind its
 * last one, so as many are held as overlap: for feeds that are nearly in order, one or a few.
 * @param parts by their first commits' ids.
 */
export async function* merged(
  parts: ReadonlyArray<Part>,
  open: (part: Part) => AsyncIterator<Commit>,
): AsyncGenerator<Commit, void, undefined> {
  let opened = 0
  let cursors: ReadonlyArray<Cursor> = []
  for (;;) {
    const [least, ...others] = cursors
    const next = parts[opened]
    if (next !== undefined && (least === undefined || next.first <= least.head.commitId)) {
      opened += 1
      cursors = inOrder([...cursors, ...(await cursorOf(open(next)))])
    } else if (least === undefined) return
    else {
      yield least.head
      cursors = inOrder([...(await cursorOf(least.rest)), ...others])
    }
  }
}
