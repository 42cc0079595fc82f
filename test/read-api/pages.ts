import * as t from 'io-ts'
import { type Asking, bodyAs } from './asking.ts'

const HasNext = t.type({ nextCursor: t.union([t.string, t.null]) })

/** Every page of a list, asked by its cursors to the end. */
export const pagesOf = async <A>(
  ask: Asking,
  operationId: string,
  page: t.Decoder<unknown, A>,
  { query = {}, ...rest }: NonNullable<Parameters<Asking>[1]>,
): Promise<ReadonlyArray<A>> => {
  const pages: A[] = []
  let cursor: string | null = null
  do {
    const answer = await ask(operationId, { ...rest, query: cursor === null ? query : { ...query, cursor } })
    pages.push(bodyAs(page, answer))
    cursor = bodyAs(HasNext, answer).nextCursor
  } while (cursor !== null)
  return pages
}
