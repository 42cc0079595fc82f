import * as t from 'io-ts'
import { type Operation, operation, READERS } from '../../schemas/endpoint.ts'
import { text } from '../../schemas/text.ts'
import { afterToken, CONSISTENCY_HEADERS, CONSISTENCY_PROBLEMS } from '../consistency.ts'
import { ok } from '../replies.ts'
import { productIndex } from './product-index.ts'
import type { SearchDeps } from './search-deps.ts'

/** As many as a drop-down shows. */
const COMPLETIONS = 10

/** Product names that complete what was typed so far. */
export const suggestProducts = (deps: SearchDeps): Operation =>
  operation({
    method: 'GET',
    path: '/v1/search/suggest',
    operationId: 'suggestProducts',
    summary: `Up to ${COMPLETIONS} product names that complete the last word of q`,
    tag: 'Search',
    roles: READERS,
    headers: CONSISTENCY_HEADERS,
    problems: CONSISTENCY_PROBLEMS,
    params: t.strict({}),
    query: t.strict({ q: text(0, 200) }),
    body: t.unknown,
    reply: {
      status: 200,
      description: 'Distinct product names',
      body: t.strict({ items: t.readonlyArray(t.string) }, 'Suggestions'),
    },
    handle: afterToken(deps.clock, [productIndex(deps)], async ({ caller: { tenant }, query: { q } }) =>
      ok({ items: await deps.search.suggest(tenant, q, COMPLETIONS) }),
    ),
  })
