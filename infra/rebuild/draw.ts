import type { Change } from '../../projections/change.ts'

/** FNV-1a, 32 bits (RFC 9923), over UTF-16 code units: which rows are drawn does not depend on who draws. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

/** How rare a shared row is, by its key alone: one row in 2ⁿ has a rarity of n or more. At most 32. */
export const rarityOf = (rowKey: string): number => Math.clz32(hashOf(rowKey))

/** A change of a shared row that is in the sample. */
export type Drawn = { readonly rarity: number; readonly change: Change }

/** Which shared rows are in the sample: those that are rare enough, so that every change of a drawn row is drawn. */
export type Draw = {
  /** How rare rows have to be by now. It only grows: what a smaller sample has, the larger one had, too. */
  readonly least: () => number
  /** Counts a change of a row that is so rare, and answers whether it is in the sample. */
  readonly take: (rarity: number) => boolean
}

/** Changes that are kept at once, more or less: some MB. */
const MOST = 20_000

/** How rare rows have to be at first, in a book of so many commits as far as anybody knows: to keep a sample takes time, too. */
export const leastFor = (commits: number): number => Math.floor(Math.log2(Math.max(1, commits / 200)))

/** Draws half as many rows whenever the sample has become too large. @param kept changes that it has already, by the rarity of their rows. */
export const drawFrom = (begin: number, kept: ReadonlyMap<number, number>, most = MOST): Draw => {
  const counts = new Map(kept)
  let least = begin
  let count = counts.entries().reduce((sum, [rarity, changes]) => (rarity < least ? sum : sum + changes), 0)
  return {
    least: () => least,
    take: (rarity) => {
      if (rarity < least) return false
      counts.set(rarity, (counts.get(rarity) ?? 0) + 1)
      count += 1
      for (; count > most; least += 1) count -= counts.get(least) ?? 0
      return rarity >= least
    },
  }
}

/** No row is so rare. */
export const nothingDrawn: Draw = { least: () => 33, take: () => false }
