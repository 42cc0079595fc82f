import { table } from '../../infra/cli/output.ts'
import { BARE } from './bench.ts'
import type { Machine } from './machine.ts'
import { median, quantile } from './quantile.ts'
import type { MeasuredArm, MeasuredCase } from './run.ts'

/** One arm of one case. `min`, `median` and `max` are of its rounds, in `unit`; latencies are of all operations of all rounds. */
export type Result = {
  readonly case: string
  readonly arm: string
  readonly unit: string
  readonly min: number
  readonly median: number
  readonly max: number
  readonly p50Ms?: number
  readonly p95Ms?: number
  readonly p99Ms?: number
  readonly requestsPerOp?: number
  readonly writeUnitsPerOp?: number
  readonly rssMb?: number
  /** Of the medians; higher is better, 1 is as fast as the other arm. */
  readonly ratio?: { readonly to: string; readonly value: number }
  readonly remarks?: ReadonlyArray<string>
}

/** The document that a run prints on stdout. */
export type Report = {
  readonly suite: string
  readonly quick: boolean
  readonly machine: Machine
  readonly results: ReadonlyArray<Result>
}

/** More digits than a benchmark can vouch for. */
const DIGITS = 4
const rounded = (value: number): number => Number(value.toPrecision(DIGITS))

const rates = ({ rounds }: MeasuredArm): ReadonlyArray<number> =>
  rounds.map(({ operations, milliseconds }) => (operations * 1_000) / milliseconds)

const latencies = ({ rounds }: MeasuredArm) => {
  const all = rounds.flatMap(({ latenciesMs }) => latenciesMs)
  const at = (part: number): number => rounded(quantile(all, part))
  return all.length === 0 ? {} : { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) }
}

const ratio = (arm: MeasuredArm, bare: MeasuredArm | undefined) =>
  bare === undefined || bare === arm
    ? {}
    : { ratio: { to: bare.name, value: rounded(median(rates(arm)) / median(rates(bare))) } }

/** What a case comes to, one result an arm. */
export const resultsOf = ({ name, unit, arms }: MeasuredCase): ReadonlyArray<Result> => {
  const bare = arms.find((arm) => arm.name === BARE)
  return arms.map((arm) => ({
    case: name,
    arm: arm.name,
    unit,
    min: rounded(Math.min(...rates(arm))),
    median: rounded(median(rates(arm))),
    max: rounded(Math.max(...rates(arm))),
    ...latencies(arm),
    ...(arm.requestsPerOp !== undefined && { requestsPerOp: rounded(arm.requestsPerOp) }),
    ...(arm.writeUnitsPerOp !== undefined && { writeUnitsPerOp: rounded(arm.writeUnitsPerOp) }),
    ...(arm.rssMb !== undefined && { rssMb: Math.round(arm.rssMb) }),
    ...ratio(arm, bare),
    ...(arm.remarks.length > 0 && { remarks: arm.remarks }),
  }))
}

const LATENCIES = ['p50 ms', 'p95 ms', 'p99 ms']
const HEADINGS = ['case', 'arm', 'min', 'median', 'max', 'unit', ...LATENCIES, 'req/op', 'wu/op', 'MiB', 'ratio']

const cell = (value: number | undefined): string => (value === undefined ? '' : String(value))

/** The results as a table for people. */
export const tableOf = (results: ReadonlyArray<Result>): string =>
  table([
    HEADINGS,
    ...results.map((result) => [
      result.case,
      result.arm,
      ...[result.min, result.median, result.max].map(cell),
      result.unit,
      ...[result.p50Ms, result.p95Ms, result.p99Ms, result.requestsPerOp, result.writeUnitsPerOp].map(cell),
      ...[result.rssMb, result.ratio?.value].map(cell),
    ]),
  ])

/** The remarks on the results, a line each; empty when there are none. */
export const remarksOf = (results: ReadonlyArray<Result>): string =>
  results.flatMap(({ remarks = [], ...of }) => remarks.map((remark) => `${of.case} ${of.arm}: ${remark}\n`)).join('')
