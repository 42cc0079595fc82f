import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { temporaryDir } from '../local/temporary-dir.ts'
import { cruised, rules } from './cruised.ts'

const rule = rules.forbidden.find(({ name }) => name === 'core-knows-no-commerce')
const commerce = [rule?.to.path ?? []].flat()

/** A tree of modules, each given by what it imports. */
const treeOf = (modules: { readonly [path: string]: ReadonlyArray<string> }): string => {
  const directory = temporaryDir()
  for (const [path, imports] of Object.entries(modules)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), `${imports.map((name) => `import '${name}'\n`).join('')}export const a = 1\n`)
  }
  return directory
}

describe('the rule that the core knows no commerce', () => {
  let modules: ReadonlyArray<string>
  beforeAll(async () => {
    const folders = ['domain', 'schemas', 'commands', 'projections', 'read-api', 'infra']
    modules = (await cruised(join(import.meta.dirname, '../../..'), folders)).modules
  })

  test('names the same files as commerce on both sides', () => {
    expect(rule?.from.pathNot).toEqual([...commerce, '^test/'])
  })

  test('names files that exist, and leaves the machinery in the core', () => {
    for (const pattern of commerce)
      expect([pattern, modules.some((path) => path.match(pattern))]).toEqual([pattern, true])
    const core = modules.filter((path) => !commerce.some((pattern) => path.match(pattern)))
    expect(core).toEqual(
      expect.arrayContaining([
        'domain/decider.ts',
        'commands/execute-command.ts',
        'commands/http/write.ts',
        'projections/postgres-projector.ts',
        'read-api/consistency.ts',
        'infra/event-store/dynamo.ts',
        'infra/feeds/mapping.ts',
        'infra/views/postgres.ts',
        'infra/http/app.ts',
        'infra/start-core.ts',
      ]),
    )
  })

  test('forbids what the core must not import, and nothing else', async () => {
    const tree = treeOf({
      'domain/order/index.ts': ['../decider.ts'],
      'domain/decider.ts': [],
      'projections/recorded.ts': ['../schemas/events/event.ts', '../schemas/events/order.ts'],
      'projections/registry.ts': ['./recorded.ts', '../schemas/events/order.ts'],
      'schemas/events/order.ts': ['./event.ts'],
      'schemas/events/event.ts': [],
      'infra/event-store/dynamo.ts': ['../search/port.ts'],
      'infra/search/port.ts': [],
      'infra/start-core.ts': ['./event-store/dynamo.ts', '../commands/aggregates.ts'],
      'commands/aggregates.ts': ['../domain/order/index.ts'],
    })
    const { violations } = await cruised(tree, ['domain', 'projections', 'schemas', 'infra', 'commands'])
    expect(violations.toSorted()).toEqual([
      'core-knows-no-commerce: infra/event-store/dynamo.ts -> infra/search/port.ts',
      'core-knows-no-commerce: infra/start-core.ts -> commands/aggregates.ts',
      'core-knows-no-commerce: projections/recorded.ts -> schemas/events/order.ts',
    ])
  })
})

test('CDK is seen where it is imported, and allowed where the cloud is composed', async () => {
  const tree = treeOf({
    'node_modules/aws-cdk-lib/index.js': [],
    'infra/aws/stage.ts': ['aws-cdk-lib'],
    'infra/lambda/seal.ts': ['aws-cdk-lib'],
    'test/infra/aws/stage.ts': ['aws-cdk-lib'],
  })
  const { violations } = await cruised(tree, ['infra', 'test'])
  expect(violations).toEqual(['only-infra-knows-cdk: infra/lambda/seal.ts -> node_modules/aws-cdk-lib/index.js'])
})
