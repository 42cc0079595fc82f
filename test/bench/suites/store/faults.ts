import type { StoredEntry } from './contender.ts'

/** In how many events a stream differs from what was acknowledged to its writers. */
export type Faults = {
  /** Acknowledged and not there. */
  readonly lost: number
  /** There more than once, or never asked for. */
  readonly doubled: number
  /** Not at the version that follows the one before. */
  readonly outOfSequence: number
  /** Decided on a state that was not the stream's at that version. */
  readonly misjudged: number
}

export const NO_FAULTS: Faults = { lost: 0, doubled: 0, outOfSequence: 0, misjudged: 0 }

const count = (of: ReadonlyArray<StoredEntry>, isWrong: (entry: StoredEntry, index: number) => boolean): number =>
  of.filter(isWrong).length

/** What was acknowledged: postings of so many events each, by their ids. */
export type Acknowledged = { readonly postings: ReadonlyArray<string>; readonly size: number }

export const faultsOf = (stored: ReadonlyArray<StoredEntry>, { postings, size }: Acknowledged): Faults => {
  const asked = new Set(postings.flatMap((id) => Array.from({ length: size }, (_, part) => `${id}/${part}`)))
  const found = new Set(stored.map(({ posting, part }) => `${posting}/${part}`).filter((entry) => asked.has(entry)))
  return {
    lost: asked.size - found.size,
    doubled: stored.length - found.size,
    outOfSequence: count(stored, ({ version }, index) => version !== index + 1),
    misjudged: count(stored, ({ version, number }) => number !== undefined && number !== version),
  }
}

export const sumOfFaults = (one: Faults, other: Faults): Faults => ({
  lost: one.lost + other.lost,
  doubled: one.doubled + other.doubled,
  outOfSequence: one.outOfSequence + other.outOfSequence,
  misjudged: one.misjudged + other.misjudged,
})

/** One line for each kind that there is; none when all is well. */
export const inWords = ({ lost, doubled, outOfSequence, misjudged }: Faults, events: number): ReadonlyArray<string> =>
  [
    { faults: lost, what: 'were lost' },
    { faults: doubled, what: 'are there twice' },
    { faults: outOfSequence, what: 'are out of sequence' },
    { faults: misjudged, what: "were decided on a state that was not the stream's" },
  ]
    .filter(({ faults }) => faults > 0)
    .map(({ faults, what }) => `${faults} of ${events} events ${what}`)
