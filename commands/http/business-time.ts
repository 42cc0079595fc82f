import * as E from 'fp-ts/lib/Either.js'
import type { Caller } from '../../schemas/endpoint.ts'
import { type Problem, problem } from '../../schemas/problem.ts'

/** How far a client's clock may be off before its "now" counts as another time. */
const TOLERANCE_MS = 5 * 60 * 1000

/**
 * Whether this caller may give a document this business time. The past needs the role `integration`; the future, nobody.
 * @param given RFC 3339; `undefined` means now.
 */
export const checkBusinessTime = (
  caller: Caller,
  field: string,
  given: string | undefined,
  now: Date,
): E.Either<Problem, unknown> => {
  if (given === undefined) return E.right(undefined)
  const ahead = Date.parse(given) - now.getTime()
  if (ahead > TOLERANCE_MS) {
    const errors = [{ pointer: `/${field}`, message: 'must not lie in the future' }]
    return E.left(problem(422, 'future_date', 'The business date lies in the future', { errors }))
  }
  if (ahead < -TOLERANCE_MS && !caller.roles.includes('integration')) {
    return E.left(problem(403, 'backdating_forbidden', `Only the role integration may give a ${field} in the past`))
  }
  return E.right(undefined)
}
