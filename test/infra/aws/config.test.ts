import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { capacityOf, ORDER } from '../../../infra/aws/capacity.ts'
import { readConfig } from '../../../infra/aws/config.ts'
import { LEFT_OUT_OF_EMULATED } from '../../../infra/aws/left-out.ts'
import { SETTINGS_OF_STAGES } from '../../../infra/aws/stages.ts'
import { ENGINES, TOLD } from './given.ts'

const read = (context: { readonly [name: string]: unknown }, env: NodeJS.ProcessEnv = {}) =>
  readConfig({ ...TOLD, stage: 'dev', ...context }, env)

describe('the configuration of a stage', () => {
  it('is the settings of the stage, and what the context says otherwise', () => {
    expect(read({})).toMatchObject(E.right({ stage: 'dev', kinesisShards: 1, repository: 'acme/daybook' }))
    // A context on a command line is text.
    expect(read({ 'daybook:kinesisShards': '3', 'daybook:keepsData': 'true' })).toMatchObject(
      E.right({ kinesisShards: 3, keepsData: true }),
    )
  })

  it.each([
    [{ stage: 'prod' }, 'stage must be one of dev, staging, production, emulated, not prod'],
    [{ stage: undefined }, 'stage must be one of dev, staging, production, emulated, not none'],
    [{ 'daybook:alertEmail': undefined }, 'daybook:alertEmail is required'],
    [{ 'daybook:alertEmail': 'nobody' }, 'daybook:alertEmail must be an e-mail address'],
    [{ 'daybook:repository': 'daybook' }, 'daybook:repository must be owner/name of a GitHub repository'],
    [{ 'daybook:kinesisShards': '0' }, 'daybook:kinesisShards must be a whole number from 1 to 1000'],
    [{ 'daybook:kinesisShards': '1.5' }, 'daybook:kinesisShards must be a whole number from 1 to 1000'],
    [{ 'daybook:keepsData': 'perhaps' }, 'daybook:keepsData must be true or false'],
    [{ 'daybook:searchInstance': 'large' }, 'daybook:searchInstance must be an instance type such as r7g.large.search'],
    [
      { 'daybook:automaticInvoicingAfterHours': 'soon' },
      'daybook:automaticInvoicingAfterHours must be a number of hours from 0 to 8760',
    ],
    [
      { 'daybook:automaticInvoicingSince': 'yesterday' },
      'daybook:automaticInvoicingSince must be never, or an RFC 3339 time like 2026-03-01T00:00:00Z',
    ],
    [
      { 'daybook:automaticInvoicingTenants': 'acme,Beta' },
      'daybook:automaticInvoicingTenants must be all, or 1 to 25 tenants with commas between them',
    ],
    [{ 'daybook:kinesisShard': '2' }, 'daybook:kinesisShard is no setting'],
    [
      { 'daybook:databaseMinHalfUnits': 64, 'daybook:databaseMaxHalfUnits': 8 },
      'daybook:databaseMinHalfUnits must not be more than databaseMaxHalfUnits',
    ],
    [
      { 'daybook:replicaBucketArn': 'arn:aws:s3:::elsewhere' },
      'daybook:replicaKeyArn must be given with replicaBucketArn, and not without',
    ],
  ])('is refused by the name of what is wrong: %o', (context, fault) => {
    expect(read(context)).toEqual(E.left([fault]))
  })

  it('tells every fault at once', () => {
    expect(read({ 'daybook:alertEmail': 'nobody', 'daybook:logDays': 'ever' })).toEqual(
      E.left(['daybook:alertEmail must be an e-mail address', 'daybook:logDays must be a whole number from 1 to 3653']),
    )
  })

  it('asks for the engines of the emulated stage, and takes none for another', () => {
    const { DAYBOOK_OWNER_URL: _, ...others } = ENGINES
    expect(read({ stage: 'emulated' }, { ...others, DAYBOOK_OPENSEARCH_URL: 'localhost' })).toEqual(
      E.left(['DAYBOOK_OWNER_URL is required', 'DAYBOOK_OPENSEARCH_URL must be a URL with http: or https:']),
    )
    expect(read({ stage: 'emulated' }, ENGINES)).toMatchObject(E.right({ externalEngines: ENGINES }))
    expect(E.isRight(read({}, ENGINES)) && read({}, ENGINES)).not.toMatchObject(E.right({ externalEngines: ENGINES }))
  })

  it('leaves out of the emulated stage what is listed, and nothing else, and nothing of others', () => {
    const emulated = read({ stage: 'emulated' }, ENGINES)
    const dev = read({})
    for (const part of ['network', 'firewall', 'canary', 'budget', 'gradualDeployment'] as const) {
      expect(LEFT_OUT_OF_EMULATED[part]).toBeTypeOf('string')
      expect(E.isRight(emulated) && emulated.right.has(part)).toBe(false)
      expect(E.isRight(dev) && dev.right.has(part)).toBe(true)
    }
  })
})

it('production takes ten million commands a day, and staging a million', () => {
  for (const [stage, commands] of [
    ['production', 10_000_000],
    ['staging', 1_000_000],
  ] as const) {
    const { kinesisShards, requestsPerSecond } = SETTINGS_OF_STAGES[stage]
    const needed = capacityOf(ORDER, commands)
    expect(kinesisShards).toBeGreaterThanOrEqual(needed.kinesisShards)
    expect(requestsPerSecond).toBeGreaterThanOrEqual(needed.commandsPerSecond)
  }
})
