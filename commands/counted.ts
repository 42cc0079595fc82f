import * as E from 'fp-ts/lib/Either.js'
import type { OverLimit } from '../infra/event-store/transaction-port.ts'
import { METRICS } from '../infra/metrics/definitions.ts'
import type { Metrics } from '../infra/metrics/port.ts'
import type { Failure, Outcome } from './execute-command.ts'

type Done<Reason> = E.Either<Failure<Reason> | OverLimit, readonly [Outcome, unknown]>

/** How METRICS.commands tells what became of a command. */
const outcomeOf = <Reason>(done: Done<Reason>): 'executed' | 'replayed' | 'rejected' | 'conflict' => {
  if (E.isRight(done)) return done.right[0].replayed ? 'replayed' : 'executed'
  switch (done.left._tag) {
    case 'VersionMismatch':
    case 'Contended':
      return 'conflict'
    case 'Rejected':
    case 'CommandIdReused':
    case 'CommitTooLarge':
    case 'OverLimit':
      return 'rejected'
  }
}

/** Runs a command and counts it by what became of it. */
export const counted = async <D extends Done<unknown>>(
  metrics: Metrics,
  command: string,
  run: () => Promise<D>,
): Promise<D> => {
  const count = (outcome: ReturnType<typeof outcomeOf> | 'fault'): void =>
    metrics.record(METRICS.commands, { Command: command, Outcome: outcome })
  try {
    const done = await run()
    count(outcomeOf(done))
    return done
  } catch (error) {
    count('fault')
    throw error
  }
}
