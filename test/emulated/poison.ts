import assert from 'node:assert/strict'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import pg from 'pg'
import { eventually } from '../e2e/instance.ts'
import type { Http } from './deployed.ts'
import { parkedStreamsAlarm } from './parked-streams-alarm.ts'
import { runCommand } from './run-command.ts'
import type { Told } from './status.ts'
import type { Step } from './step.ts'

const STAGE = 'emulated'
const SKU = '85123A'

export type EmulatedClient = {
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

export type Poisoning = {
  /** How clients of the SDK find the emulator. */
  readonly client: EmulatedClient
  /** For `daybook --stage`. */
  readonly env: NodeJS.ProcessEnv
  readonly postgresUrl: string
  readonly http: Http
  readonly status: () => Promise<Told>
  readonly token: string
  readonly tenant: string
  readonly step: Step
}

const onPostgres = async (url: string, statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

const failuresBucket = async (client: EmulatedClient): Promise<string> => {
  const { Parameter } = await new SSMClient(client).send(new GetParameterCommand({ Name: `/daybook/${STAGE}/engines` }))
  const told: { readonly failuresBucket: string } = JSON.parse(Parameter?.Value ?? '{}')
  return told.failuresBucket
}

/**
 * A view loses its table, so that the deployed projector fails on one record until its mapping gives it up: it must lie in the on-failure
 * destination, be parked by who redrives, and be healed by `replay --stream` when the table is back.
 */
export const poison = async ({
  client,
  env,
  postgresUrl,
  http,
  status,
  token,
  tenant,
  step,
}: Poisoning): Promise<void> => {
  const price = { amount: '123.456', currency: 'GBP' }
  const parked = async () => JSON.stringify((await http(token, '/v1/admin/projections/products/parked')).json)
  const s3 = new S3Client({ ...client, forcePathStyle: true })
  const Bucket = await failuresBucket(client)
  const alarm = parkedStreamsAlarm(client)
  const givenUp = async () => (await s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []

  await step('a record that fails ends in the on-failure destination', async () => {
    assert.deepEqual(await givenUp(), [])
    await onPostgres(postgresUrl, 'ALTER TABLE products RENAME TO products_gone')
    assert.equal((await http(token, `/v1/products/${SKU}/price`, { price })).status, 200)
    assert.ok((await eventually(givenUp, ({ length }) => length > 0)).length > 0)
    assert.partialDeepStrictEqual((await status()).get('products'), { lagEvents: 1, parkedStreams: 0 })
    assert.notEqual((await alarm()).state, 'ALARM')
  })
  await step('what fails again is parked', async () => {
    const invoked = await new LambdaClient(client).send(
      new InvokeCommand({ FunctionName: `daybook-${STAGE}-redrive`, Payload: Buffer.from('{}') }),
    )
    assert.deepEqual(JSON.parse(Buffer.from(invoked.Payload ?? []).toString()), { redriven: 1, kept: 0 })
    assert.deepEqual(await givenUp(), [])
    assert.match(await parked(), new RegExp(`"${SKU}"`))
    assert.partialDeepStrictEqual((await status()).get('products'), { lagEvents: 0, parkedStreams: 1 })
  })
  await step('its alarm fires', async () => {
    const { state, description } = await eventually(alarm, (told) => told.state === 'ALARM')
    assert.equal(state, 'ALARM')
    assert.match(description, /docs\/runbooks\/parked-stream\.md$/)
  })
  await step('replay --stream heals it', async () => {
    await onPostgres(postgresUrl, 'ALTER TABLE products_gone RENAME TO products')
    const replay = ['replay', 'products', '--stream', `product/${SKU}`, '--tenant', tenant, '--stage', STAGE]
    await runCommand({ file: 'npm', args: ['run', '--silent', 'daybook', '--', ...replay], env })
    assert.doesNotMatch(await parked(), new RegExp(SKU))
    assert.partialDeepStrictEqual((await status()).get('products'), { lagEvents: 0, parkedStreams: 0 })
    assert.deepEqual((await http(token, `/v1/products/${SKU}`)).json, {
      ...Object((await http(token, `/v1/products/${SKU}`)).json),
      price,
    })
  })
}
