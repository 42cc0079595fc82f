import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import { expect, onTestFinished, test, vi } from 'vitest'
import { freePort } from '../../../infra/local/engines/free-port.ts'
import { allGone, eventually } from './eventually.ts'
import { childNamed, descendantsOf, startSupervisor, toldTo } from './instance.ts'
import { temporaryDir } from './temporary-dir.ts'

// Every test starts engines, some of them twice.
vi.setConfig({ testTimeout: 120_000 })

const dynamodb = (endpoint: string | undefined): DynamoDBClient => {
  const client = new DynamoDBClient({
    endpoint: String(endpoint),
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  onTestFinished(() => client.destroy())
  return client
}

const TABLE: CreateTableCommandInput = {
  TableName: 'kept',
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
}

const pidsOf = (pid: number | undefined): ReadonlyArray<number> => descendantsOf(Number(pid))

test('an orderly stop leaves no process, exits 0 and withdraws endpoints.json', async () => {
  const instance = startSupervisor(temporaryDir())
  await instance.url()
  const pids = pidsOf(instance.child.pid)
  // Guardian, dynoxide, Kinesis, Postgres (with its own children), API, feeds.
  expect(pids.length).toBeGreaterThanOrEqual(6)
  instance.child.kill('SIGTERM')
  expect(await instance.exitCode).toBe(0)
  await allGone(pids)
  expect(existsSync(join(instance.dataDir, 'endpoints.json'))).toBe(false)
  expect(instance.output().err).toBe('')
})

test('a stop during the start leaves no process either', async () => {
  const instance = startSupervisor(temporaryDir())
  const pids = await eventually('the first engines run', () => {
    const found = pidsOf(instance.child.pid)
    return found.length >= 3 ? found : null
  })
  instance.child.kill('SIGTERM')
  expect(await instance.exitCode).toBe(0)
  await allGone(pids)
  expect(instance.output().out).not.toContain('ready')
})

test('after SIGKILL of the supervisor nothing stays, and the next start has all that was acknowledged', async () => {
  const dataDir = temporaryDir()
  const killed = startSupervisor(dataDir)
  const before = dynamodb((await toldTo(await killed.url())).env['DAYBOOK_DYNAMODB_ENDPOINT'])
  await before.send(new CreateTableCommand(TABLE))
  await before.send(new PutItemCommand({ TableName: TABLE.TableName, Item: { pk: { S: 'acknowledged' } } }))
  const pids = pidsOf(killed.child.pid)
  killed.child.kill('SIGKILL')
  // At once: it waits itself until the processes of the killed one have ended.
  const next = startSupervisor(dataDir)
  const after = dynamodb((await toldTo(await next.url())).env['DAYBOOK_DYNAMODB_ENDPOINT'])
  await allGone(pids)
  const { Item } = await after.send(
    new GetItemCommand({ TableName: TABLE.TableName, Key: { pk: { S: 'acknowledged' } } }),
  )
  expect(Item).toEqual({ pk: { S: 'acknowledged' } })
  next.child.kill('SIGTERM')
  expect(await next.exitCode).toBe(0)
})

test('an API that died is started again at its port, and a Kinesis that came back empty restarts the feeds', async () => {
  const instance = startSupervisor(temporaryDir())
  const url = await instance.url()
  const first = await toldTo(url)
  process.kill(first.pid, 'SIGKILL')
  const second = await eventually('the API is back', async () => {
    const told = await toldTo(url)
    return told.pid === first.pid ? null : told
  })
  expect(second.env['DAYBOOK_KINESIS_ENDPOINT']).toBe(first.env['DAYBOOK_KINESIS_ENDPOINT'])

  const feedsStarted = () => readFileSync(join(instance.dataDir, 'feeds-started'), 'utf8').trim().split('\n').length
  expect(feedsStarted()).toBe(1)
  process.kill(childNamed(instance.child.pid, 'bind-loopback'), 'SIGKILL')
  await eventually('the feeds were started again', () => (feedsStarted() === 2 ? true : null))
  expect((await fetch(`${first.env['DAYBOOK_KINESIS_ENDPOINT']}/healthcheck`)).ok).toBe(true)
  expect(instance.output().err.trim().split('\n')).toEqual([
    'api ended unexpectedly (SIGKILL); starting it again',
    'kinesis ended unexpectedly (SIGKILL); starting it again',
  ])
  instance.child.kill('SIGTERM')
  expect(await instance.exitCode).toBe(0)
})

test('an ephemeral instance is found under its data directory while it runs, and leaves nothing', async () => {
  const dataDir = join(temporaryDir(), 'new')
  const instance = startSupervisor(dataDir, '--ephemeral')
  const { env } = await toldTo(await instance.url())
  const stateDir = String(env['DAYBOOK_DATA_DIR'])
  expect(stateDir).not.toBe(dataDir)
  // The issuer's keys are made in the state directory and read from the data directory: it must be the same place.
  expect(existsSync(join(dataDir, 'keys'))).toBe(true)
  expect(readdirSync(stateDir)).toContain('keys')
  instance.child.kill('SIGTERM')
  expect(await instance.exitCode).toBe(0)
  expect([existsSync(dataDir), existsSync(stateDir)]).toEqual([false, false])
})

test('a data directory in use and a port that is taken are told in one line, with exit code 1', async () => {
  const dataDir = temporaryDir()
  const port = await freePort()
  const squatter = createServer().listen(port, '127.0.0.1')
  onTestFinished(() => void squatter.close())
  const taken = startSupervisor(dataDir, '--port', String(port))
  expect(await taken.exitCode).toBe(1)
  expect(taken.output()).toEqual({
    out: '',
    err: `port ${port} is taken by another program; choose one with --port\n`,
  })

  const holder = startSupervisor(dataDir)
  await eventually('the data directory is in use', () => (existsSync(join(dataDir, 'pid')) ? true : null))
  const late = startSupervisor(dataDir)
  expect(await late.exitCode).toBe(1)
  expect(late.output().err).toBe(`data directory in use by another instance (pid ${holder.child.pid}): ${dataDir}\n`)
  holder.child.kill('SIGTERM')
  expect(await holder.exitCode).toBe(0)
})
