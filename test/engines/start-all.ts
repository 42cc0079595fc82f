import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDynamodbLocal } from '../../infra/local/engines/dynamodb-local.ts'
import { startDynoxide } from '../../infra/local/engines/dynoxide.ts'
import type { Engine, EngineOptions } from '../../infra/local/engines/engine.ts'
import { startKinesis } from '../../infra/local/engines/kinesis.ts'
import { startOpensearch } from '../../infra/local/engines/opensearch.ts'
import { startPostgres } from '../../infra/local/engines/postgres.ts'
import type { TestEndpoints } from './endpoints.ts'

export type TestEngines = { readonly endpoints: TestEndpoints; readonly stop: () => Promise<void> }

type Start = (options: EngineOptions) => Promise<Engine>

const STARTS: Readonly<Record<'dynoxide' | 'dynamodbLocal' | 'kinesis' | 'postgres' | 'opensearch', Start>> = {
  dynoxide: startDynoxide,
  dynamodbLocal: (options) => startDynamodbLocal({ ...options, inMemory: true }),
  kinesis: startKinesis,
  postgres: startPostgres,
  opensearch: startOpensearch,
}

/** A laptop may lack Java, or a dynoxide for its platform: tests of the others run. In CI all of them must start. */
const mayBeMissing = (name: string): boolean =>
  process.env['CI'] === undefined && ['dynoxide', 'dynamodbLocal', 'opensearch'].includes(name)

/** Starts every engine in a temporary directory. Rejects, with nothing left running, when one that must start does not. */
export const startAll = async (): Promise<TestEngines> => {
  const dir = await mkdtemp(join(tmpdir(), 'daybook-test-'))
  const running = new Map<string, Engine>()
  const why: Record<string, string> = {}
  const start = async (name: keyof typeof STARTS): Promise<void> => {
    const logFile = join(dir, 'logs', `${name}.log`)
    try {
      running.set(name, await STARTS[name]({ dataDir: join(dir, name), logFile }))
    } catch (error) {
      why[name] = error instanceof Error ? error.message : String(error)
    }
  }
  const stop = async (): Promise<void> => {
    await Promise.all([...running.values()].map((engine) => engine.stop()))
    await rm(dir, { recursive: true, force: true })
  }
  await Promise.all([
    start('dynoxide'),
    start('dynamodbLocal'),
    start('kinesis'),
    start('postgres'),
    start('opensearch'),
  ])
  const missing = Object.keys(why).filter((name) => !mayBeMissing(name))
  if (missing.length > 0) {
    await stop()
    throw new Error(missing.map((name) => `${name}: ${why[name]}`).join('\n'))
  }
  const url = (name: keyof typeof STARTS): string | null => running.get(name)?.url ?? null
  const required = { kinesis: url('kinesis') ?? '', postgres: url('postgres') ?? '' }
  const optional = { dynoxide: url('dynoxide'), dynamodbLocal: url('dynamodbLocal'), opensearch: url('opensearch') }
  return { endpoints: { ...required, ...optional, why }, stop }
}
