import { Duration } from 'aws-cdk-lib'
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { type MetricDefinition, namespaceOf } from '../metrics/definition.ts'

type Options = {
  readonly statistic: string
  readonly minutes: number
  readonly dimensions?: { readonly [name: string]: string }
}

/**
 * A metric that the functions of a stage record. Throws where these dimensions are not among those that it is recorded under, because
 * CloudWatch would show nothing, and an alarm would never fire.
 */
export const recorded = (
  stage: string,
  definition: MetricDefinition,
  { statistic, minutes, dimensions = {} }: Options,
): Metric => {
  const names = Object.keys(dimensions)
  const known = [definition.dimensions, ...definition.rollups].some(
    (set) => set.length === names.length && set.every((name) => names.includes(name)),
  )
  if (!known) throw new Error(`${definition.name} is not recorded by ${names.join(' and ') || 'nothing'}`)
  return new Metric({
    namespace: namespaceOf(stage),
    metricName: definition.name,
    dimensionsMap: dimensions,
    statistic,
    period: Duration.minutes(minutes),
  })
}

/** One line for every value of the metric's dimensions that there is. For dashboards: no alarm may search. */
export const recordedByAll = (
  stage: string,
  { name, dimensions }: MetricDefinition,
  { statistic, minutes }: Pick<Options, 'statistic' | 'minutes'>,
): MathExpression => {
  // A name with other characters than letters and digits stands in quotes (CloudWatch, "search expression syntax").
  const schema = [`"${namespaceOf(stage)}"`, ...dimensions].join(',')
  return new MathExpression({
    expression: `SEARCH('{${schema}} MetricName="${name}"', '${statistic}', ${minutes * 60})`,
    usingMetrics: {},
    label: '',
    period: Duration.minutes(minutes),
  })
}
