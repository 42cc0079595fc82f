import { CreateStreamCommand, KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { expect, onTestFinished, test } from 'vitest'
import type { Engine } from '../../../../infra/local/engines/engine.ts'
import { startKinesis } from '../../../../infra/local/engines/kinesis.ts'
import { temporaryDir } from '../temporary-dir.ts'
import { isOpenBeyondLoopback, runEngine } from './run-engine.ts'

const clientOf = (engine: Engine): KinesisClient => {
  const client = new KinesisClient({
    endpoint: engine.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: new NodeHttpHandler(),
  })
  onTestFinished(() => client.destroy())
  return client
}

test('two of them side by side keep their streams apart, and answer on loopback only', async () => {
  const [one, other] = await Promise.all([
    runEngine(startKinesis, temporaryDir()),
    runEngine(startKinesis, temporaryDir()),
  ])
  await clientOf(one).send(new CreateStreamCommand({ StreamName: 'only-here', ShardCount: 16 }))
  expect((await clientOf(one).send(new ListStreamsCommand({}))).StreamNames).toEqual(['only-here'])
  expect((await clientOf(other).send(new ListStreamsCommand({}))).StreamNames).toEqual([])
  expect(await isOpenBeyondLoopback(one.port)).toBe(false)
})
