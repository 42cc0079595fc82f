import { join } from 'node:path'
import * as t from 'io-ts'
import { readRows } from '../../infra/cli/import/rows.ts'
import type { Transport } from '../../infra/cli/transport.ts'
import { apiEvent } from '../aws/events.ts'
import { importThrough } from '../infra/cli/import/importing.ts'
import type { Stage } from './stage.ts'
import { type Counts, plus } from './tally.ts'

const INVOICES = join(import.meta.dirname, '../data/online-retail-500.csv.gz')

export const TENANT = 'acme'

const Answer = t.type({ statusCode: t.number, body: t.string })

/**
 * Imports the 500 invoices of test/data through one instance of `command-api`, a command at a time. Answers what it took by the path that was
 * posted to, such as `/v1/orders`.
 */
export const countCommands = async ({ aws, start, tally }: Stage): Promise<ReadonlyMap<string, Counts>> => {
  const commands = await start('command-api')
  const token = await aws.tokenFor(TENANT, 'integration')
  const counted = new Map<string, Counts>()
  tally.taken()
  const transport: Transport = {
    post: async (path, given, body) => {
      const headers = { 'Idempotency-Key': String(given['Idempotency-Key']) }
      tally.count('bytesAsked', Buffer.byteLength(body))
      const answer = await commands.invoke(apiEvent('POST', path, { token, body: JSON.parse(body), headers }))
      if (!Answer.is(answer)) throw new Error('command-api answered nothing that API Gateway could pass on')
      tally.count('bytesAnswered', Buffer.byteLength(answer.body))
      const kind = path.split('/').slice(0, 3).join('/')
      counted.set(kind, plus(counted.get(kind) ?? {}, tally.taken()))
      return { status: answer.statusCode, headers: {}, body: answer.body }
    },
    get: () => Promise.reject(new Error('the importer reads nothing')),
    close: () => {},
  }
  const { failure } = await importThrough(transport, () => readRows(INVOICES), { concurrency: 1 })
  if (failure !== null) throw failure
  return counted
}
