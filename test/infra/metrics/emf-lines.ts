import { Ajv } from 'ajv'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { EMF_SCHEMA } from './emf-schema.ts'

const Metadata = t.type({
  _aws: t.type({
    CloudWatchMetrics: t.array(
      t.type({
        Namespace: t.string,
        Dimensions: t.array(t.array(t.string)),
        Metrics: t.array(t.type({ Name: t.string, Unit: t.string })),
      }),
    ),
  }),
})
const Numbers = t.union([t.number, t.array(t.number)])

const isValid = new Ajv().compile(EMF_SCHEMA)

/** What CloudWatch takes from a log: values of a metric by its name and one of its sets of dimensions. */
export type Published = {
  readonly namespace: string
  readonly metric: string
  readonly unit: string
  readonly dimensions: { readonly [name: string]: string }
  readonly values: ReadonlyArray<number>
}

const member = <A>(codec: t.Type<A, unknown, unknown>, root: object, name: string): A => {
  const found = codec.decode(Reflect.get(root, name))
  if (E.isLeft(found)) throw new Error(`${name} is no valid target: ${JSON.stringify(root)}`)
  return found.right
}

/** Reads lines as CloudWatch does; throws on one that its specification does not allow. */
export const publishedBy = (lines: ReadonlyArray<string>): ReadonlyArray<Published> =>
  lines.flatMap((line) => {
    const root: unknown = JSON.parse(line)
    if (!isValid(root)) throw new Error(`no valid line: ${JSON.stringify(isValid.errors)}: ${line}`)
    const read = Metadata.decode(root)
    if (E.isLeft(read)) throw new Error(`no metadata: ${line}`)
    return read.right._aws.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
      Metrics.flatMap(({ Name: metric, Unit: unit }) =>
        Dimensions.map((names) => ({
          namespace,
          metric,
          unit,
          dimensions: Object.fromEntries(names.map((name) => [name, member(t.string, read.right, name)])),
          values: [member(Numbers, read.right, metric)].flat(),
        })),
      ),
    )
  })

/** All values of a metric with exactly these dimensions. */
export const valuesOf = (
  published: ReadonlyArray<Published>,
  name: string,
  dimensions: Published['dimensions'],
): ReadonlyArray<number> => {
  const wanted = Object.entries(dimensions)
  return published
    .filter(({ metric }) => metric === name)
    .filter((each) => Object.keys(each.dimensions).length === wanted.length)
    .filter((each) => wanted.every(([key, value]) => each.dimensions[key] === value))
    .flatMap(({ values }) => values)
}
