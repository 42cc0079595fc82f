import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { type Operation, operation, READERS } from '../schemas/endpoint.ts'
import { nullable } from '../schemas/nullable.ts'
import { Nothing } from '../schemas/requests/body.ts'
import { afterToken, CONSISTENCY_HEADERS, CONSISTENCY_PROBLEMS, type View } from './consistency.ts'
import { Cursor, decodeCursor, encodeCursor, INVALID_CURSOR, pageOf } from './cursor.ts'
import { DEFAULT_LIMIT, Limit } from './parameters.ts'
import type { ReadDeps } from './read-deps.ts'
import { ok } from './replies.ts'
import { select } from './rows.ts'

export type Listing<Row, Item> = {
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly tag: string
  /** What a page is called in the API's description, and what it is. */
  readonly page: readonly [name: string, description: string]
  readonly views: ReadonlyArray<View>
  /** Of the tenant $1 the rows behind the id $2 (null: from the first on) in the order of ids, at most $3. */
  readonly sql: string
  readonly row: t.Decoder<unknown, Row>
  readonly item: t.Type<Item, unknown, unknown>
  readonly id: t.Decoder<unknown, string>
  readonly idOf: (row: Row) => string
  readonly itemOf: (row: Row) => Item
}

/** All of a kind that a tenant has, page by page, in the order of their ids' bytes. */
export const listById = <Row, Item>(deps: ReadDeps, listing: Listing<Row, Item>): Operation => {
  const { path, operationId, summary, tag, views, sql, row, item, id, idOf, itemOf } = listing
  const [name, description] = listing.page
  const scope = [operationId]
  return operation({
    method: 'GET',
    path,
    operationId,
    summary,
    tag,
    roles: READERS,
    headers: CONSISTENCY_HEADERS,
    problems: [INVALID_CURSOR, ...CONSISTENCY_PROBLEMS],
    params: Nothing,
    query: t.exact(t.partial({ limit: Limit, cursor: Cursor })),
    body: t.unknown,
    reply: {
      status: 200,
      description,
      body: t.strict({ items: t.readonlyArray(item), nextCursor: nullable(Cursor) }, name),
    },
    handle: afterToken(deps.clock, views, async ({ caller: { tenant }, query }) => {
      const { limit = DEFAULT_LIMIT } = query
      const after = decodeCursor(id, scope, query.cursor)
      if (E.isLeft(after)) return after
      const rows = await select(deps.readsOf(tenant), row, sql, [tenant, after.right ?? null, limit + 1])
      const page = pageOf(rows, limit, (last) => encodeCursor(scope, idOf(last)))
      return ok({ items: page.items.map(itemOf), nextCursor: page.nextCursor })
    }),
  })
}
