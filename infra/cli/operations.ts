import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { OPERATIONS_TENANT } from '../../schemas/operations-tenant.ts'
import { Failure, reasonOf } from './failure.ts'
import { baseUrl, tokenSource } from './instance.ts'
import type { GlobalOptions } from './options.ts'
import { httpTransport } from './transport.ts'

const Detailed = t.type({ detail: t.string })

const jsonOf = (text: string): unknown => E.toUnion(E.tryCatch((): unknown => JSON.parse(text), E.toError))

const refusal = (status: number, body: string): string => {
  const problem = Detailed.decode(jsonOf(body))
  return `it answers ${status}${E.isRight(problem) ? ` (${problem.right.detail})` : ''}`
}

/** Asks the instance about itself as an admin. `what` is asked for, in words, should it not answer as it ought to. */
export const askOperations = async <A>(
  options: GlobalOptions,
  path: string,
  answer: t.Decoder<unknown, A>,
  what: string,
): Promise<A> => {
  const url = baseUrl(options)
  const token = await tokenSource(options, { tenant: OPERATIONS_TENANT, subject: 'cli', roles: ['admin'] })
  const transport = httpTransport(url, 1)
  const { status, body } = await transport
    .get(path, { Authorization: `Bearer ${await token()}` })
    .catch((error) => {
      throw new Failure(`the server at ${url} does not answer: ${reasonOf(error)}`)
    })
    .finally(() => transport.close())
  if (status !== 200) throw new Failure(`the server at ${url} does not tell ${what}: ${refusal(status, body)}`)
  const decoded = answer.decode(jsonOf(body))
  if (E.isLeft(decoded)) throw new Failure(`the server at ${url} answers something else than ${what}`)
  return decoded.right
}
