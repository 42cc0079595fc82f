import type { StageConfig } from '../../infra/aws/config.ts'
import { monthOf, standingPerMillion, sumOf } from '../../infra/aws/cost/month.ts'
import { type Dollars, keptPerMonth, perCommand } from '../../infra/aws/cost/per-command.ts'
import { PRICES, SEARCH_INSTANCE_HOUR } from '../../infra/aws/cost/prices.ts'
import { standing } from '../../infra/aws/cost/standing.ts'
import { dollars, type Row, table } from './markdown.ts'
import { configOf, loadRow, ofStages, stageHead } from './stage-columns.ts'

const itemRows = (of: (config: StageConfig) => Dollars, times = 1): ReadonlyArray<Row> => {
  const items = Object.keys(of(configOf('dev')))
  return items.map((item) => ofStages(item, (config) => dollars((of(config)[item] ?? 0) * times)))
}

export const millionTable = (): string =>
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

export const monthTable = (): string =>
  table(stageHead, [
    ...itemRows(standing),
    ofStages('**what stands there**', (config) => `**${dollars(sumOf(standing(config)))}**`),
    ofStages('**with all commands of its load**', (config) => `**${dollars(monthOf(config))}**`),
    ofStages('its budget', ({ budgetDollarsAMonth }) => dollars(budgetDollarsAMonth)),
  ])

export const keptTable = (): string =>
  table(
    ['a million orders that are kept', 'dollars a month'],
    Object.entries(keptPerMonth()).map(([item, each]): Row => [item, dollars(each * 1e6)]),
  )

export const priceTable = (): string =>
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
