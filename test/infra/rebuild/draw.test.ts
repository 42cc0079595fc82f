import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawFrom, nothingDrawn, rarityOf } from '../../../infra/rebuild/draw.ts'

const changes = fc.array(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 300 })
const tally = (rowKeys: ReadonlyArray<string>) =>
  new Map([...Map.groupBy(rowKeys, rarityOf)].map(([rarity, ofIt]) => [rarity, ofIt.length]))

test('of every row that is in the sample in the end, every change was taken, also by a run that goes on', () => {
  fc.assert(
    fc.property(changes, fc.nat(), fc.integer({ min: 1, max: 20 }), (rowKeys, at, most) => {
      const stop = at % (rowKeys.length + 1)
      const first = drawFrom(0, new Map(), most)
      const taken = rowKeys.slice(0, stop).filter((key) => first.take(rarityOf(key)))
      const second = drawFrom(first.least(), tally(taken), most)
      taken.push(...rowKeys.slice(stop).filter((key) => second.take(rarityOf(key))))
      const rareEnough = (key: string) => rarityOf(key) >= second.least()
      expect(taken.filter(rareEnough)).toEqual(rowKeys.filter(rareEnough))
      expect(rowKeys.filter(rareEnough).length).toBeLessThanOrEqual(most)
      // No smaller than it has to be.
      const larger = rowKeys.filter((key) => rarityOf(key) >= second.least() - 1)
      if (second.least() > 0) expect(larger.length).toBeGreaterThan(most)
    }),
  )
})

test('one row in 2ⁿ is so rare, whatever the keys have in common', () => {
  const rarities = Array.from({ length: 4_096 }, (_, nth) => rarityOf(`acme\u00002011-03-01\u0000${nth}`))
  for (const least of [1, 2, 3, 4, 5]) {
    const share = rarities.filter((rarity) => rarity >= least).length / rarities.length
    expect(share * 2 ** least).toBeGreaterThan(0.7)
    expect(share * 2 ** least).toBeLessThan(1.4)
  }
})

test('where nothing is drawn, the rarest row is not', () => {
  expect(nothingDrawn.take(32)).toBe(false)
})
