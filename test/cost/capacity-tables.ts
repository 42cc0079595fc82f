import { COMMAND_WORK, FEED_WORK, ORDER, VIEWS, type Work } from '../../infra/aws/capacity/counted.ts'
import { billedMs, MEMORY_MIB } from '../../infra/aws/capacity/functions.ts'
import { headroomOf } from '../../infra/aws/capacity/headroom.ts'
import { peakOf } from '../../infra/aws/capacity/load.ts'
import { IMPORT } from './import-counts.ts'
import { number, type Row, table } from './markdown.ts'
import { configOf, loadRow, ofStages, stageHead } from './stage-columns.ts'

export const importTable = (): string =>
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

export const countedTable = (): string =>
  table(
    ['an order takes', 'on the average'],
    [
      ...Object.entries(ORDER),
      ...Object.entries(VIEWS).map(([what, by]): [string, number] => [`views: ${what}`, by]),
    ].map(([what, by]): Row => [`\`${what}\``, number(by)]),
  )

export const workTable = (): string =>
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

export const sizesTable = (): string =>
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
export const limitsTable = (): string => {
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
