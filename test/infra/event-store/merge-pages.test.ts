import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergePages, type Page } from '../../../infra/event-store/merge-pages.ts'

/** An ascending sequence in pages of the given sizes (0 is an empty page), each fetched when the scheduler says so. */
const pagesOf = (items: ReadonlyArray<string>, sizes: ReadonlyArray<number>, s: fc.Scheduler): Page<string> => {
  const [size = items.length, ...rest] = sizes
  const left = items.slice(size)
  return {
    items: items.slice(0, size),
    next:
      left.length === 0 && rest.length === 0
        ? undefined
        : async () => {
            await s.schedule(Promise.resolve('a page'))
            return pagesOf(left, rest, s)
          },
  }
}

const sequence = fc.record({
  items: fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 }), { maxLength: 20 }),
  sizes: fc.array(fc.nat(4), { maxLength: 8 }),
})

test('sequences in pages of any sizes, answered in any order, merge into one that ascends and has every item', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(sequence, { maxLength: 6 }),
      fc.integer({ min: 1, max: 7 }),
      async (s, sequences, size) => {
        const first = sequences.map(({ items, sizes }) => pagesOf(items.toSorted(), sizes, s))
        const pieces = await s.waitFor(Array.fromAsync(mergePages(first, (item) => item, size)))
        expect(pieces.flat()).toEqual(sequences.flatMap(({ items }) => items).toSorted())
        expect(pieces.slice(0, -1).every((piece) => piece.length === size)).toBe(true)
        expect(pieces.every((piece) => piece.length > 0 && piece.length <= size)).toBe(true)
      },
    ),
  )
})

test('a page is asked for only when the one before is used up', async () => {
  const asked: string[] = []
  const pagesFrom = (name: string, left: number): Page<string> => ({
    items: [`${name}${3 - left}`],
    next:
      left === 0
        ? undefined
        : async () => {
            asked.push(name)
            return pagesFrom(name, left - 1)
          },
  })
  const merged = mergePages([pagesFrom('a', 3), pagesFrom('b', 3)], (item) => item, 1)
  expect((await merged.next()).value).toEqual(['a0'])
  expect(asked).toEqual(['a'])
  await merged.next()
  expect(asked).toEqual(['a', 'a'])
})
