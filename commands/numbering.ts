import * as E from 'fp-ts/lib/Either.js'
import type { Pauses } from '../infra/decorrelated-jitter.ts'
import { sequenceKeyOf } from '../infra/event-store/reservation-keys.ts'
import type { Contended, SequenceName } from '../infra/event-store/transaction-port.ts'

/** What became of a number: used, left to the next writer, or used by another process before. */
export type Use<A> =
  | { readonly _tag: 'Used'; readonly result: A }
  | { readonly _tag: 'Unused'; readonly result: A }
  | { readonly _tag: 'Moved'; readonly last: number }

/** Numbers from gapless sequences for the writers of one process. */
export type Numbering = {
  /**
   * Runs `use` with the number that comes next, when everybody in this process who asked before is done. `use` writes what
   * carries the number and the sequence's advance in one transaction; when that says that the sequence has moved, it runs again
   * with another number. When `use` throws, nobody knows whether its number was used: the next one to try it is told.
   */
  readonly next: <A>(
    sequence: SequenceName,
    use: (number: number) => Promise<Use<A>>,
  ) => Promise<E.Either<Contended, A>>
}

/** Races in a row that one writer may lose against other processes. */
const ATTEMPTS = 30

/** A sequence as this process knows it: the last number that it was told of, and the end of its writers' queue. */
type Line = { last: number; end: Promise<unknown> }

const turn = async <A>(
  line: Line,
  pause: () => Promise<unknown>,
  use: (number: number) => Promise<Use<A>>,
): Promise<E.Either<Contended, A>> => {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const number = line.last + 1
    const used = await use(number)
    if (used._tag !== 'Moved') {
      if (used._tag === 'Used') line.last = number
      return E.right(used.result)
    }
    line.last = used.last
    // What a lost race tells is newest now, so the next try goes at once; a pause comes behind every second one.
    if (attempt % 2 === 0) await pause()
  }
  return E.left({ _tag: 'Contended', attempts: ATTEMPTS })
}

/** One for all writers of a process: they take turns, and so lose no races among themselves. */
export const numbering = (pauses: Pauses): Numbering => {
  const lines = new Map<string, Line>()
  return {
    next: (sequence, use) => {
      const key = sequenceKeyOf(sequence)
      const line = lines.get(key) ?? { last: 0, end: Promise.resolve() }
      lines.set(key, line)
      const result = line.end.then(() => turn(line, pauses(), use))
      line.end = result.catch(() => undefined)
      return result
    },
  }
}
