import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDynamodbLocal } from '../../infra/local/engines/dynamodb-local.ts'
import { startDynoxide } from '../../infra/local/engines/dynoxide.ts'
import type { Engine, EngineOptions } from '../../infra/local/engines/engine.ts'
import { startKinesis } from '../../infra/local/engines/kinesis.ts'
import { startOpensearch } from '../../infra/local/engines/opensearch.ts'
import { startPostgres } from '../../infra/local/engines/postgres.ts'
import { startGuard } from '../../infra/local/guard.ts'
import type { TestEndpoints } from './endpoints.ts'

export type TestEngines = { readonly endpoints: TestEndpoints; readonly stop: () => Promise<void> }

type Name = keyof Omit<TestEndpoints, 'why'>

const NAMES: ReadonlyArray<Name> = ['dynoxide', 'dynamodbLocal', 'kinesis', 'postgres', 'opensearch']

const STARTS: Readonly<Record<Name, (options: EngineOptions) => Promise<Engine>>> = {
  dynoxide: startDynoxide,
  dynamodbLocal: (options) => startDynamodbLocal({ ...options, inMemory: true }),
  kinesis: startKinesis,
  postgres: startPostgres,
  opensearch: startOpensearch,
}

/** A laptop may lack Java, or a dynoxide for its platform: tests of the others run. In CI all of them must start. */
const mayBeMissing = (name: Name): boolean =>
  process.env['CI'] === undefined && ['dynoxide', 'dynamodbLocal', 'opensearch'].includes(name)

/** DAYBOOK_WITHOUT_JAVA=1 leaves out what needs Java, also where there is one. */
const isLeftOut = (name: Name): boolean =>
  process.env['DAYBOOK_WITHOUT_JAVA'] === '1' && ['dynamodbLocal', 'opensearch'].includes(name)

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * Starts every engine in a temporary directory; a guardian ends them should this process be killed. Rejects, with nothing
 * left running, when one that must start does not.
 */
export const startAll = async (): Promise<TestEngines> => {
  const dir = await mkdtemp(join(tmpdir(), 'daybook-test-'))
  const guard = await startGuard(join(dir, 'guard'), join(dir, 'guardian.log'))
  guard.removeInTheEnd(dir)
  const running = new Map<Name, Engine>()
  const why: Record<string, string> = {}
  const start = async (name: Name): Promise<void> => {
    const place = { dataDir: join(dir, name), logFile: join(dir, 'logs', `${name}.log`), onSpawn: guard.watch }
    try {
      if (isLeftOut(name)) throw new Error('left out by DAYBOOK_WITHOUT_JAVA=1')
      running.set(name, await STARTS[name](place))
    } catch (error) {
      why[name] = messageOf(error)
    }
  }
  const stop = async (): Promise<void> => {
    await Promise.all([...running.values()].map((engine) => engine.stop()))
    await guard.finish()
  }
  await Promise.all(NAMES.map(start))
  const missing = NAMES.filter((name) => why[name] !== undefined && !mayBeMissing(name))
  if (missing.length > 0) {
    await stop()
    throw new Error(missing.map((name) => `${name}: ${why[name]}`).join('\n'))
  }
  const url = (name: Name): string | null => running.get(name)?.url ?? null
  const required = { kinesis: url('kinesis') ?? '', postgres: url('postgres') ?? '' }
  const optional = { dynoxide: url('dynoxide'), dynamodbLocal: url('dynamodbLocal'), opensearch: url('opensearch') }
  return { endpoints: { ...required, ...optional, why }, stop }
}
