import type { OverLimit } from '../../infra/event-store/transaction-port.ts'
import { type Problem, problem } from '../../schemas/problem.ts'
import type { Failure } from '../execute-command.ts'

/** What a command that was not carried out answers. @param rejected answers for the domain's own reasons. */
export const problemOf = <R>(failure: Failure<R> | OverLimit, rejected: (rejection: R) => Problem): Problem => {
  switch (failure._tag) {
    case 'Rejected':
      return rejected(failure.rejection)
    case 'CommandIdReused':
      return problem(422, 'idempotency_key_reused', 'This Idempotency-Key was used with another request')
    case 'VersionMismatch':
      return problem(412, 'version_mismatch', 'It has changed since that version', {
        detail: `Its version is ${failure.actual}.`,
        headers: { ETag: `"${failure.actual}"` },
      })
    case 'Contended':
      return problem(503, 'contended', 'Too many writers at once; try again', { headers: { 'Retry-After': '1' } })
    case 'CommitTooLarge':
      return problem(422, 'commit_too_large', 'The request makes more data than one commit can hold', {
        detail:
          `What it would record takes ${failure.size} bytes, and one commit holds ${failure.limit}. Nothing was recorded: ` +
          'split it into several requests, or say less in each.',
      })
    case 'OverLimit':
      return problem(422, 'transaction_too_large', 'The request asks for more than can be written at once', {
        detail: `${failure.actual} ${failure.limit} where ${failure.allowed} are allowed.`,
      })
  }
}
