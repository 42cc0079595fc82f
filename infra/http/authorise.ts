import * as E from 'fp-ts/lib/Either.js'
import type { Caller } from '../../schemas/endpoint.ts'
import { type Problem, problem } from '../../schemas/problem.ts'
import type { Role } from '../../schemas/role.ts'
import type { Authenticate } from '../identity/tokens.ts'

const challenge = (error?: string): { readonly 'WWW-Authenticate': string } => ({
  'WWW-Authenticate': error === undefined ? 'Bearer' : `Bearer error="${error}"`,
})

/** Who sent the request, if the token holds and one of its roles may call; otherwise 401 or 403. */
export const authorise = async (
  authenticate: Authenticate,
  header: string | null,
  allowed: ReadonlyArray<Role>,
): Promise<E.Either<Problem, Caller>> => {
  const token = /^Bearer +([^\s]+)$/i.exec(header ?? '')?.[1]
  if (token === undefined) {
    return E.left(problem(401, 'token_required', 'Send a bearer token', { headers: challenge() }))
  }
  const caller = await authenticate(token)
  if (E.isLeft(caller)) {
    const headers = challenge('invalid_token')
    return E.left(problem(401, 'invalid_token', 'The token is not accepted', { detail: caller.left, headers }))
  }
  if (caller.right.roles.some((role) => allowed.includes(role))) return caller
  const detail = `It takes one of the roles ${allowed.join(', ')}.`
  return E.left(
    problem(403, 'role_required', 'Your roles do not allow this', { detail, headers: challenge('insufficient_scope') }),
  )
}
