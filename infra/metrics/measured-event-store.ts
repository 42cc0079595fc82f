import * as E from 'fp-ts/lib/Either.js'
import { type Appended, type Commit, EventStoreFault } from '../event-store/port.ts'
import type { TransactionalEventStore } from '../event-store/transaction-port.ts'
import { METRICS } from './definitions.ts'
import type { Metrics } from './port.ts'

export type Measuring = {
  readonly metrics: Metrics
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
  /** Told of every commit once, when it was appended. */
  readonly appended?: (commit: Commit) => void
}

/** Lost races, and what else stood where the commit was to go. */
const OBSTACLES: ReadonlySet<string> = new Set(['Conflict', 'Reserved', 'SequenceMoved', 'Contended'])

/** An event store whose appends and faults are measured. */
export const measuredEventStore = (
  store: TransactionalEventStore,
  { metrics, now, appended }: Measuring,
): TransactionalEventStore => {
  const faulty = (error: unknown): never => {
    if (error instanceof EventStoreFault) metrics.record(METRICS.dependencyFaults, { Dependency: 'event-store' })
    throw error
  }
  const appending = async <F extends { readonly _tag: string }, A>(
    streamType: string,
    append: () => Promise<E.Either<F, A>>,
    commitsOf: (done: A) => ReadonlyArray<Appended>,
  ): Promise<E.Either<F, A>> => {
    const from = now()
    const done = await append()
      .catch(faulty)
      .finally(() => metrics.record(METRICS.appendDuration, {}, now() - from))
    if (E.isRight(done)) for (const { commit } of commitsOf(done.right)) appended?.(commit)
    else if (OBSTACLES.has(done.left._tag)) metrics.record(METRICS.appendConflicts, { StreamType: streamType })
    return done
  }
  return {
    emptyStream: store.emptyStream,
    append: (position, draft) =>
      appending(
        position.stream.type,
        () => store.append(position, draft),
        (one) => [one],
      ),
    appendAll: (transaction) =>
      appending(
        transaction.commits[0].position.stream.type,
        () => store.appendAll(transaction),
        (all) => all,
      ),
    read: async function* (stream, range) {
      try {
        yield* store.read(stream, range)
      } catch (error) {
        faulty(error)
      }
    },
    tail: (stream, commits) => store.tail(stream, commits).catch(faulty),
  }
}
