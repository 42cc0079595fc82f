import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Logger } from '../log/logger.ts'
import type { Redriving } from './redrive.ts'

const Answer = t.type({ batchItemFailures: t.readonlyArray(t.unknown) })

/** What a function says of a batch: whether it took all of it. */
const tookAll = (payload: Uint8Array | undefined): boolean => {
  const json = E.tryCatch((): unknown => JSON.parse(Buffer.from(payload ?? []).toString('utf8')), E.toError)
  return E.isRight(json) && Answer.is(json.right) && json.right.batchItemFailures.length === 0
}

/** Gives records to a function as its mapping did, and waits for what it says. A function that throws has not taken them. */
export const lambdaRetry =
  (client: LambdaClient, log: Logger): Redriving['retry'] =>
  async (functionArn, records) => {
    const answer = await client.send(
      new InvokeCommand({ FunctionName: functionArn, Payload: Buffer.from(JSON.stringify({ Records: records })) }),
    )
    if (answer.FunctionError === undefined) return tookAll(answer.Payload)
    log.error('a function fails on records that it gave up', {
      functionArn,
      error: Buffer.from(answer.Payload ?? []).toString('utf8'),
    })
    return false
  }
