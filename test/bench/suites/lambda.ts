import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Bundle, bundleFunctions } from '../../../infra/lambda/bundle.ts'
import type { FunctionName } from '../../../infra/lambda/functions.ts'
import { startDynoxide } from '../../../infra/local/engines/dynoxide.ts'
import { startOpensearch } from '../../../infra/local/engines/opensearch.ts'
import { startPostgres } from '../../../infra/local/engines/postgres.ts'
import { once } from '../../../infra/once.ts'
import { type Deployment, deployment } from '../../aws/deployment.ts'
import { type Arm, BARE, type Case, type Suite } from '../bench.ts'
import { startEngine } from '../local-engine.ts'
import { coldStart } from './lambda/cold-start.ts'
import { eventsOf, isFine, orderEvent, productEvent, SKU, TENANT } from './lambda/events.ts'

/** Cold starts in a round. */
const FULL = 3
const QUICK = 1

type Started = {
  readonly file: string
  readonly environment: NodeJS.ProcessEnv
  readonly event: () => Promise<unknown>
  readonly remarks: ReadonlyArray<string>
}

const armOf = (name: string, starts: number, { file, environment, event, remarks }: Started): Arm => {
  let memory: number | undefined
  return {
    name,
    rssMb: () => memory,
    remarks: () => remarks,
    round: async () => {
      const latenciesMs: number[] = []
      for (let nth = 0; nth < starts; nth += 1) {
        const { milliseconds, answer, rssMb } = await coldStart(file, environment, await event())
        if (!isFine(answer)) throw new Error(`${file} failed: ${JSON.stringify(answer).slice(0, 500)}`)
        latenciesMs.push(milliseconds)
        memory = Math.max(memory ?? 0, rssMb)
      }
      return { operations: starts, milliseconds: latenciesMs.reduce((sum, each) => sum + each, 0), latenciesMs }
    },
  }
}

/** Schema, users, index, and a product and an order in the views. */
const prepared = async (
  aws: Deployment,
  bundleOf: (name: FunctionName) => string,
  events: ReturnType<typeof eventsOf>,
  token: string,
): Promise<void> => {
  const done = async (name: FunctionName, event: unknown): Promise<void> => {
    const { answer } = await coldStart(bundleOf(name), aws.environmentOf(name), event)
    if (!isFine(answer)) throw new Error(`${name} failed: ${JSON.stringify(answer)}`)
  }
  await done('migrate', { RequestType: 'Create', ResponseURL: '', ResourceProperties: { ServiceToken: 'migrate' } })
  await aws.letRolesIn()
  await done('command-api', productEvent(token, SKU))
  await done('command-api', orderEvent(token))
  await done('project-views', await events['project-views']())
}

/**
 * How long each function takes from the start of a Node process to its first answer, on engines of this machine, beside a handler that
 * does nothing; and how much memory it has then. Figures are starts a second, latencies single starts.
 */
export const lambda: Suite = async (setting) => {
  const [dynamodb, postgres, opensearch] = await Promise.all([
    startEngine(setting, 'dynoxide', startDynoxide),
    startEngine(setting, 'postgres', startPostgres),
    startEngine(setting, 'opensearch', startOpensearch),
  ])
  const bundles = await bundleFunctions(join(setting.dir, 'bundles'))
  const bare = join(setting.dir, 'bare.mjs')
  await mkdir(setting.dir, { recursive: true })
  await writeFile(bare, 'export const handler = async () => ({ statusCode: 200 })\n')
  const aws = await deployment({ dynamodb: dynamodb.url, postgres: postgres.url, opensearch: opensearch.url })
  setting.cleanUp.defer(aws.stop)
  const token = await aws.tokenFor(TENANT, 'admin', 'integration')
  const fileOf = ({ directory }: Pick<Bundle, 'directory'>): string => join(directory, 'index.mjs')
  const bundleOf = (name: FunctionName): string => fileOf({ directory: join(setting.dir, 'bundles', name) })
  const events = eventsOf(aws, dynamodb.url, token)
  const ready = once(() => prepared(aws, bundleOf, events, token))
  const starts = setting.quick ? QUICK : FULL
  const caseOf = ({ name, bytes, ...bundle }: Bundle): Case => ({
    name,
    unit: 'starts/s',
    prepare: async () => {
      await ready()
      const event = events[name]
      const environment = aws.environmentOf(name)
      const remarks = [`bundle of ${Math.ceil(bytes / 1_000)} kB`]
      return [
        armOf('daybook', starts, { file: fileOf(bundle), environment, event, remarks }),
        armOf(BARE, starts, { file: bare, environment, event, remarks: [] }),
      ]
    },
  })
  return {
    engines: { dynoxide: dynamodb.version, postgres: postgres.version, opensearch: opensearch.version },
    cases: bundles.map(caseOf),
  }
}
