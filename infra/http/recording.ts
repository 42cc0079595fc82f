import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Operation, RawRequest } from '../../schemas/endpoint.ts'
import { problem } from '../../schemas/problem.ts'
import type { Access, AccessLog } from '../access-log/port.ts'
import type { Logger } from '../log/logger.ts'

/** What an operation may answer whose readers must be on record. */
export const NOT_RECORDED = { status: 503, code: 'read_not_recorded' } as const

const notRecorded = problem(
  503,
  NOT_RECORDED.code,
  'This is answered only to readers on record, and there was no recording',
  {
    headers: { 'Retry-After': '1' },
  },
)

/** Whom a request names, and the request without; undefined where it names nobody. */
const named = (
  { in: place, name }: NonNullable<Operation['recordsAbout']>,
  request: RawRequest,
): { readonly about: string; readonly without: RawRequest } | undefined => {
  const given = request[place]
  if (!t.UnknownRecord.is(given)) return undefined
  const { [name]: about, ...others } = given
  return typeof about === 'string' ? { about, without: { ...request, [place]: others } } : undefined
}

const accessOf = (
  as: Access['as'],
  operationId: string,
  { caller, correlationId, params, query, body }: RawRequest,
): Access => {
  const { tenant, subject, roles, client } = caller
  const asked = { path: params, query, ...(body !== undefined && { body }) }
  return { as, tenant, actor: { subject, roles, client }, correlationId, operationId, asked }
}

/** Undefined where a request is not one to be recorded. */
const recordOf = ({ operationId, records, recordsAbout }: Operation, request: RawRequest): Access | undefined => {
  if (records === undefined) return undefined
  if (recordsAbout === undefined) return accessOf(records, operationId, request)
  const found = named(recordsAbout, request)
  return found && { ...accessOf(records, operationId, found.without), about: found.about }
}

/**
 * Puts an operation's answers on record, where it says so, before they are given. An answer about the audit trail is withheld when
 * that fails; one about a person is given, and the log has what is missing in the record. Refusals tell nothing and are not recorded.
 */
export const recording =
  (accessLog: AccessLog | undefined, log: Logger) =>
  (operation: Operation): Operation => {
    const { operationId, records, serve } = operation
    if (records === undefined) return operation
    if (accessLog === undefined) throw new TypeError(`${operationId} is to be recorded, and there is no access log`)
    return {
      ...operation,
      serve: async (request) => {
        const answer = await serve(request)
        const access = recordOf(operation, request)
        if (E.isLeft(answer) || access === undefined) return answer
        try {
          await accessLog.record(access)
          return answer
        } catch (error) {
          const { about: _, ...telling } = access
          log.error('a read was not recorded', { ...telling, error })
          return records === 'audit' ? E.left(notRecorded) : answer
        }
      },
    }
  }
