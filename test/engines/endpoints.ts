import * as t from 'io-ts'

/** Where the engines of a test run are. Null: it could not start, and `why` tells the reason. */
export const TestEndpoints = t.readonly(
  t.type({
    dynoxide: t.union([t.string, t.null]),
    dynamodbLocal: t.union([t.string, t.null]),
    kinesis: t.string,
    postgres: t.string,
    opensearch: t.union([t.string, t.null]),
    why: t.record(t.string, t.string),
  }),
)
export type TestEndpoints = t.TypeOf<typeof TestEndpoints>

declare module 'vitest' {
  interface ProvidedContext {
    readonly endpoints: TestEndpoints
  }
}
