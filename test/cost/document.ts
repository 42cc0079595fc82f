import { capacityOf, ORDER } from '../../infra/aws/capacity.ts'
import { costOf } from '../../infra/aws/cost.ts'

const SIZES = [10_000, 1_000_000, 10_000_000]

const row = (cells: ReadonlyArray<string | number>): string => `| ${cells.join(' | ')} |`
const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 1 })
const dollars = (value: number): string => value.toFixed(2)

const table = (rows: ReadonlyArray<ReadonlyArray<string | number>>): string =>
  [row(['commands a day', ...SIZES.map(number)]), row(['---', ...SIZES.map(() => '---:')]), ...rows.map(row)].join('\n')

/** The tables of docs/cost.md, as the code derives them. */
export const capacityTable = (): string => {
  const sizes = SIZES.map((size) => capacityOf(ORDER, size))
  return table([
    ['commands a second at the peak', ...sizes.map((one) => number(one.commandsPerSecond))],
    ['write units a second', ...sizes.map((one) => number(one.writeUnitsPerSecond))],
    ['partitions for them', ...sizes.map((one) => one.partitions)],
    ['Kinesis shards', ...sizes.map((one) => one.kinesisShards)],
    ['instances of the command function', ...sizes.map((one) => one.commandConcurrency)],
  ])
}

export const costTable = (): string => {
  const sizes = SIZES.map((size) => costOf(ORDER, size))
  const items = Object.keys(sizes[0] ?? {})
  const sums = sizes.map((cost) => Object.values(cost).reduce((sum, item) => sum + item, 0))
  return table([
    ...items.map((item) => [item, ...sizes.map((cost) => dollars(cost[item] ?? 0))]),
    ['**together**', ...sums.map((sum) => `**${dollars(sum)}**`)],
  ])
}
