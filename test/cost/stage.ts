import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { registerViews } from '../../infra/composition/register-views.ts'
import { bundleFunctions } from '../../infra/lambda/bundle.ts'
import { searchOf } from '../../infra/lambda/engines/search.ts'
import type { FunctionName } from '../../infra/lambda/functions.ts'
import { letRolesLogIn } from '../../infra/postgres/login-roles.ts'
import { migrate } from '../../infra/postgres/migrate.ts'
import { ownerPool } from '../../infra/postgres/pool.ts'
import { deployment, type Engines } from '../aws/deployment.ts'
import { type Instance, startInstance } from './instance.ts'
import { meteredDynamodb } from './metered-dynamodb.ts'
import { newTally } from './tally.ts'

const prepare = async ({ postgres, opensearch }: Engines): Promise<void> => {
  await migrate(postgres)
  const owner = ownerPool(postgres, { max: 1 })
  await registerViews(owner)
  await letRolesLogIn(owner)
  await owner.end()
  if (opensearch === null) return
  const search = searchOf({ DAYBOOK_OPENSEARCH_URL: opensearch, DAYBOOK_OPENSEARCH_AUTH: 'none' })
  await search.prepare()
  await search.close()
}

export type StageOptions = {
  readonly engines: Engines
  /** Whether requests of DynamoDB are counted, rather than time: they are slower then. */
  readonly metered: boolean
  readonly cleanUp: AsyncDisposableStack
}

/** A deployment whose functions run as their bundles, and what is counted of all that they do. */
export const startStage = async ({ engines, metered, cleanUp }: StageOptions) => {
  const dir = await mkdtemp(join(tmpdir(), 'daybook-bundles-'))
  cleanUp.defer(() => rm(dir, { recursive: true, force: true }))
  const tally = newTally()
  await bundleFunctions(dir)
  await prepare(engines)
  const front = metered ? await meteredDynamodb(engines.dynamodb, tally) : null
  if (front !== null) cleanUp.defer(front.stop)
  const aws = await deployment({ ...engines, ...(front !== null && { dynamodb: front.url }) })
  cleanUp.defer(aws.stop)
  await aws.letRolesIn()
  const start = async (name: FunctionName): Promise<Instance> => {
    const instance = await startInstance(join(dir, name, 'index.mjs'), aws.environmentOf(name), tally)
    cleanUp.defer(instance.stop)
    return instance
  }
  return { engines, aws, tally, start }
}

export type Stage = Awaited<ReturnType<typeof startStage>>
