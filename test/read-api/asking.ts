import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { schemas } from '../../infra/http/json-schema.ts'
import { readOperations } from '../../read-api/operations.ts'
import type { ReadDeps } from '../../read-api/read-deps.ts'
import type { SearchDeps } from '../../read-api/search/search-deps.ts'
import { decode } from '../../schemas/decode.ts'
import type { Operation, Reply } from '../../schemas/endpoint.ts'
import type { Problem } from '../../schemas/problem.ts'
import { realClock } from './views.ts'

type Ask = {
  readonly tenant?: string
  readonly params?: { readonly [name: string]: string }
  readonly query?: { readonly [name: string]: string }
  readonly headers?: { readonly [name: string]: string }
}

export type Asking = (operationId: string, ask?: Ask) => Promise<E.Either<Problem, Reply<unknown>>>

const unexpected = (): never => {
  throw new Error('this query must not ask that engine')
}

export const noEvents: ReadDeps['events'] = { read: unexpected }

export const noSearch: SearchDeps['search'] = {
  read: unexpected,
  refresh: unexpected,
  search: unexpected,
  suggest: unexpected,
}

const ajv = new Ajv2020({
  strict: true,
  keywords: ['components'],
  formats: { date: true, 'date-time': true, uri: true },
})

const validators = new Map<string, ValidateFunction>()

const validatorOf = ({ operationId, reply }: Operation): ValidateFunction => {
  const known = validators.get(operationId)
  if (known !== undefined) return known
  const { describe, components } = schemas()
  const validator = ajv.compile({ ...describe(reply.body), components: { schemas: components() } })
  validators.set(operationId, validator)
  return validator
}

/** Throws unless the answer is as the OpenAPI description tells: its body by the schema, a problem by its code. */
const assertAsDescribed = (operation: Operation, answer: E.Either<Problem, Reply<unknown>>): void => {
  if (E.isLeft(answer)) {
    const known = [{ status: 400, code: 'invalid_parameters' }, ...operation.problems]
    if (known.some(({ status, code }) => status === answer.left.status && code === answer.left.code)) return
    throw new Error(`${operation.operationId} does not declare ${answer.left.status} ${answer.left.code}`)
  }
  const validate = validatorOf(operation)
  if (!validate(answer.right.body)) throw new Error(ajv.errorsText(validate.errors))
}

const serve = async (operations: ReadonlyArray<Operation>, operationId: string, ask: Ask) => {
  const operation = operations.find((candidate) => candidate.operationId === operationId)
  if (operation === undefined) throw new Error(`no operation ${operationId}`)
  const answer = await operation.serve({
    caller: { tenant: ask.tenant ?? 'acme', subject: 'tester', roles: ['buyer'] },
    correlationId: 'test',
    header: (name) => ask.headers?.[name],
    params: ask.params ?? {},
    query: ask.query ?? {},
    body: undefined,
  })
  assertAsDescribed(operation, answer)
  return answer
}

/** Asks these operations as the HTTP interpreter does. */
export const askingOf =
  (operations: ReadonlyArray<Operation>): Asking =>
  (operationId, ask = {}) =>
    serve(operations, operationId, ask)

/** Asks the read API as the HTTP interpreter does; engines that a test does not give must not be asked. */
export const asking = (deps: Partial<SearchDeps>): Asking => {
  return askingOf(
    readOperations({
      asReader: unexpected,
      readsOf: () => ({ query: unexpected }),
      events: noEvents,
      search: noSearch,
      clock: realClock,
      ...deps,
    }),
  )
}

/** The body of an answer; throws the problem when that is what came. */
export const bodyOf = (answer: E.Either<Problem, Reply<unknown>>): unknown => {
  if (E.isLeft(answer)) throw new Error(`answered ${answer.left.status} ${answer.left.code}`)
  return answer.right.body
}

export const problemOf = (answer: E.Either<Problem, Reply<unknown>>): Problem => {
  if (E.isRight(answer)) throw new Error(`answered ${answer.right.status}`)
  return answer.left
}

/** The body of an answer, as its test knows it. */
export const bodyAs = <A>(codec: t.Decoder<unknown, A>, answer: E.Either<Problem, Reply<unknown>>): A => {
  const decoded = decode(codec, bodyOf(answer))
  if (E.isLeft(decoded)) throw new Error(`another body: ${JSON.stringify(decoded.left)}`)
  return decoded.right
}

const HasCursor = t.type({ nextCursor: t.string })

/** The cursor of a page that has one. */
export const nextCursorOf = (answer: E.Either<Problem, Reply<unknown>>): string => bodyAs(HasCursor, answer).nextCursor
