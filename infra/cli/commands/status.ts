import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { Failure, reasonOf } from '../failure.ts'
import { baseUrl, tokenSource } from '../instance.ts'
import type { GlobalOptions } from '../options.ts'
import { printJson, table } from '../output.ts'
import { httpTransport } from '../transport.ts'

const Status = t.strict({
  projections: t.array(
    t.strict({
      name: t.string,
      version: t.number,
      lagEvents: t.number,
      lagSeconds: t.number,
      parkedStreams: t.number,
    }),
  ),
})
type Status = t.TypeOf<typeof Status>

/** The state of projections is not a tenant's; a token has to name one all the same. */
const OPERATIONS_TENANT = 'operations'

const fetchStatus = async (options: GlobalOptions): Promise<Status> => {
  const url = baseUrl(options)
  const token = await tokenSource(options, { tenant: OPERATIONS_TENANT, subject: 'cli', roles: ['admin'] })
  const headers = { Authorization: `Bearer ${await token()}` }
  const transport = httpTransport(url, 1)
  const answer = await transport.get('/v1/admin/projections', headers).catch((error) => {
    throw new Failure(`the server at ${url} does not answer: ${reasonOf(error)}`)
  })
  transport.close()
  if (answer.status !== 200)
    throw new Failure(`the server at ${url} does not tell its status: it answers ${answer.status}`)
  const status = E.tryCatch(() => Status.decode(JSON.parse(answer.body)), E.toError)
  if (E.isRight(status) && E.isRight(status.right)) return status.right.right
  throw new Failure(`the server at ${url} answers something else than the status of projections`)
}

const inWords = ({ projections }: Status): string =>
  table([
    ['projection', 'version', 'lag (events)', 'lag (s)', 'parked streams'],
    ...projections.map(({ name, version, lagEvents, lagSeconds, parkedStreams }) => [
      name,
      ...[version, lagEvents, lagSeconds, parkedStreams].map(String),
    ]),
  ])

/** `status` */
export const addStatus = (program: Command): void => {
  program
    .command('status')
    .description('show how far each projection is, and what it could not apply')
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>()
      const status = await fetchStatus(options)
      if (options.json) printJson(status)
      else process.stdout.write(inWords(status))
    })
}
