import * as E from 'fp-ts/lib/Either.js'
import { COMMAND_WORK, FEED_WORK, ORDER, VIEWS, type Work } from '../../infra/aws/capacity/counted.ts'
import { billedMs, MEMORY_MIB } from '../../infra/aws/capacity/functions.ts'
import { headroomOf } from '../../infra/aws/capacity/headroom.ts'
import { peakOf } from '../../infra/aws/capacity/load.ts'
import { readConfig, type StageConfig } from '../../infra/aws/config.ts'
import { monthOf, standingPerMillion, sumOf } from '../../infra/aws/cost/month.ts'
import { type Dollars, keptPerMonth, perCommand } from '../../infra/aws/cost/per-command.ts'
import { PRICES, SEARCH_INSTANCE_HOUR } from '../../infra/aws/cost/prices.ts'
import { standing } from '../../infra/aws/cost/standing.ts'
import type { Stage } from '../../infra/aws/stages.ts'
import { IMPORT } from './import-counts.ts'
import { dollars, number, type Row, table } from './markdown.ts'

const TOLD = { 'daybook:repository': 'acme/daybook', 'daybook:alertEmail': 'operations@acme.example' }

export const configOf = (stage: Stage): StageConfig => {
  const config = readConfig({ ...TOLD, stage }, {})
  if (E.isLeft(config)) throw new Error(config.left.join('; '))
  return config.right
}

type Cell = string | number

const stages = (['dev', 'staging', 'production'] as const).map(configOf)
const ofStages = (what: string, figure: (config: StageConfig) => Cell): Row => [what, ...stages.map(figure)]
const stageHead: Row = ofStages('stage', ({ stage }) => stage)
const loadRow = ofStages('**transactions a day**', ({ transactionsADay }) => number(transactionsADay))

const itemRows = (of: (config: StageConfig) => Dollars, times = 1): ReadonlyArray<Row> => {
  const items = Object.keys(of(configOf('dev')))
  return items.map((item) => ofStages(item, (config) => dollars((of(config)[item] ?? 0) * times)))
}

const importTable = (): string =>
  table(
    [
      'commands',
      'how many',
      'PutItem',
      'Query',
      'write units: events',
      'requests',
      'subject keys',
      'read units: events',
    ],
    Object.entries(IMPORT).map(([path, counts]): Row => [`\`POST ${path}\``, ...Object.values(counts).map(number)]),
  )

const workRow = (name: keyof typeof MEMORY_MIB, told: string, work: Work): Row => [
  `\`${name}\`, ${told}`,
  MEMORY_MIB[name],
  work.cpuMs,
  work.waitMs,
  work.requests,
  billedMs(MEMORY_MIB[name], work),
  number(work.logBytes),
  work.postgresMs,
]

const countedTable = (): string =>
  table(
    ['an order takes', 'on the average'],
    [
      ...Object.entries(ORDER),
      ...Object.entries(VIEWS).map(([what, by]): [string, number] => [`views: ${what}`, by]),
    ].map(([what, by]): Row => [`\`${what}\``, number(by)]),
  )

const workTable = (): string =>
  table(
    [
      'an invocation of',
      'MiB',
      'ms of the processor',
      'ms of waiting',
      'requests',
      'ms billed',
      'bytes logged',
      'ms of Postgres',
    ],
    [
      workRow('command-api', 'an order', COMMAND_WORK),
      ...(['project-views', 'project-search', 'archive', 'relay'] as const).flatMap((feed) => [
        workRow(feed, 'an order', FEED_WORK[feed].one),
        workRow(feed, 'a hundred', FEED_WORK[feed].hundred),
      ]),
    ],
  )

const sizesTable = (): string =>
  table(stageHead, [
    loadRow,
    ofStages('transactions in the busiest second', (config) => number(peakOf(config))),
    ofStages('Kinesis shards', ({ kinesisShards }) => kinesisShards),
    ofStages('batches of a projector at a time, a shard', ({ projectorsPerShard }) => projectorsPerShard),
    ofStages(
      'Aurora, units of capacity',
      ({ databaseMinHalfUnits, databaseMaxHalfUnits }) => `${databaseMinHalfUnits / 2} to ${databaseMaxHalfUnits / 2}`,
    ),
    ofStages('OpenSearch nodes', ({ searchNodes, searchInstance }) => `${searchNodes} ${searchInstance}`),
    ofStages('requests a second, and at once', (config) => `${config.requestsPerSecond}, ${config.requestBurst}`),
  ])

/** At a million transactions a day and ten times that; how many times the use fits in the limit. */
const limitsTable = (): string => {
  const of = (['staging', 'production'] as const).map((stage) => headroomOf(configOf(stage)))
  return table(
    ['limit', 'a million a day', 'fits', 'ten million a day', 'fits', 'source'],
    Object.entries(of[0] ?? {}).map(
      ([what, { source }]): Row => [
        what,
        ...of.flatMap((uses) => {
          const { used = 0, limit = 0 } = uses[what] ?? {}
          return [`${number(used)} of ${number(limit)}`, `${number(limit / used)} times`]
        }),
        source,
      ],
    ),
  )
}

const millionTable = (): string =>
  table(stageHead, [
    loadRow,
    ...itemRows(perCommand, 1e6),
    ofStages('**what is asked for**', (config) => `**${dollars(sumOf(perCommand(config)) * 1e6)}**`),
    ofStages('what stands there anyway', (config) => dollars(standingPerMillion(config))),
    ofStages(
      '**together**',
      (config) => `**${dollars(sumOf(perCommand(config)) * 1e6 + standingPerMillion(config))}**`,
    ),
  ])

const monthTable = (): string =>
  table(stageHead, [
    ...itemRows(standing),
    ofStages('**what stands there**', (config) => `**${dollars(sumOf(standing(config)))}**`),
    ofStages('**with all commands of its load**', (config) => `**${dollars(monthOf(config))}**`),
    ofStages('its budget', ({ budgetDollarsAMonth }) => dollars(budgetDollarsAMonth)),
  ])

const keptTable = (): string =>
  table(
    ['a million orders that are kept', 'dollars a month'],
    Object.entries(keptPerMonth()).map(([item, each]): Row => [item, dollars(each * 1e6)]),
  )

const priceTable = (): string =>
  table(
    ['price', 'dollars', 'source'],
    [
      ...Object.values(PRICES).map(
        ({ unit, dollars: each, source }): Row => [
          unit,
          each < 0.001 ? `${Number((each * 1e6).toPrecision(6))} a million` : each,
          source,
        ],
      ),
      ...Object.entries(SEARCH_INSTANCE_HOUR).map(
        ([type, each]): Row => [`OpenSearch, ${type}, an hour`, each, 'public code that quotes the AWS price list'],
      ),
    ],
  )

/** The tables of docs/cost.md, as the code derives them, in its order. */
export const tables = (): ReadonlyArray<string> => [
  importTable(),
  countedTable(),
  workTable(),
  sizesTable(),
  limitsTable(),
  millionTable(),
  monthTable(),
  keptTable(),
  priceTable(),
]
