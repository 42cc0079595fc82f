/** A piece of an ascending sequence, and how to get the next. Pages may be empty. */
export type Page<A> = { readonly items: ReadonlyArray<A>; readonly next: (() => Promise<Page<A>>) | undefined }

/** The unread part of one sequence: what is left of its current page. */
type Cursor<A> = { page: Page<A>; at: number }

/** Moves on to a page with something left; `undefined` at the end. */
const settled = async <A>(cursor: Cursor<A>): Promise<Cursor<A> | undefined> => {
  while (cursor.at >= cursor.page.items.length) {
    if (cursor.page.next === undefined) return undefined
    cursor.page = await cursor.page.next()
    cursor.at = 0
  }
  return cursor
}

const leastOf = <A>(cursors: ReadonlyArray<Cursor<A>>, key: (item: A) => string): Cursor<A> | undefined => {
  let least: Cursor<A> | undefined
  let leastKey = ''
  for (const cursor of cursors) {
    const item = cursor.page.items[cursor.at]
    if (item === undefined) continue
    const its = key(item)
    if (least !== undefined && its >= leastKey) continue
    least = cursor
    leastKey = its
  }
  return least
}

/**
 * Merges sequences that each ascend by `key` into one, and gives it out in pieces of `size` (the last may be smaller). Holds
 * one page of every sequence and no more.
 */
export async function* mergePages<A>(
  first: ReadonlyArray<Page<A>>,
  key: (item: A) => string,
  size: number,
): AsyncGenerator<ReadonlyArray<A>> {
  const begun = await Promise.all(first.map((page) => settled({ page, at: 0 })))
  let cursors = begun.filter((cursor) => cursor !== undefined)
  let piece: A[] = []
  for (let least = leastOf(cursors, key); least !== undefined; least = leastOf(cursors, key)) {
    const item = least.page.items[least.at]
    if (item !== undefined) piece.push(item)
    least.at += 1
    if ((await settled(least)) === undefined) cursors = cursors.filter((cursor) => cursor !== least)
    if (piece.length < size) continue
    yield piece
    piece = []
  }
  if (piece.length > 0) yield piece
}
