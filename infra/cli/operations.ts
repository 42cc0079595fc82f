import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { OPERATIONS_TENANT } from '../../schemas/operations-tenant.ts'
import { Failure, reasonOf } from './failure.ts'
import { baseUrl, tokenSource } from './instance.ts'
import type { GlobalOptions } from './options.ts'
import { type Answer, httpTransport, type Transport } from './transport.ts'

const Titled = t.type({ title: t.string })
const Detailed = t.type({ detail: t.string })

const jsonOf = (text: string): unknown => E.toUnion(E.tryCatch((): unknown => JSON.parse(text), E.toError))

const refusal = (status: number, body: string): string => {
  const json = jsonOf(body)
  const said = [...(Titled.is(json) ? [json.title] : []), ...(Detailed.is(json) ? [json.detail] : [])]
  return `it answers ${status}${said.length > 0 ? ` (${said.join(': ')})` : ''}`
}

type Exchange = (transport: Transport, headers: { readonly Authorization: string }) => Promise<Answer>

/** As an admin of a tenant. `refusing` says in words what the instance does not do when it does not answer as it ought to. */
const ask = async <A>(
  options: GlobalOptions,
  tenant: string,
  exchange: Exchange,
  answer: t.Decoder<unknown, A>,
  refusing: string,
): Promise<A> => {
  const url = await baseUrl(options)
  const token = await tokenSource(options, { tenant, subject: 'cli', roles: ['admin'] })
  const transport = httpTransport(url, 1)
  const { status, body } = await exchange(transport, { Authorization: `Bearer ${await token()}` })
    .catch((error) => {
      throw new Failure(`the server at ${url} does not answer: ${reasonOf(error)}`)
    })
    .finally(() => transport.close())
  if (status !== 200) throw new Failure(`the server at ${url} ${refusing}: ${refusal(status, body)}`)
  const decoded = answer.decode(jsonOf(body))
  if (E.isLeft(decoded)) throw new Failure(`the server at ${url} ${refusing}: it answers something else`)
  return decoded.right
}

/** Asks the instance about itself. */
export const askOperations = <A>(
  options: GlobalOptions,
  path: string,
  answer: t.Decoder<unknown, A>,
  what: string,
): Promise<A> =>
  ask(options, OPERATIONS_TENANT, (transport, headers) => transport.get(path, headers), answer, `does not tell ${what}`)

/** Has something done for a tenant. `done`: what, as a participle. */
export const postOperation = <A>(
  options: GlobalOptions,
  tenant: string,
  path: string,
  body: unknown,
  answer: t.Decoder<unknown, A>,
  done: string,
): Promise<A> =>
  ask(
    options,
    tenant,
    (transport, headers) => transport.post(path, headers, JSON.stringify(body)),
    answer,
    `has not ${done}`,
  )
