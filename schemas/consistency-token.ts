import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'

/** Names the write that its holder wants to read: a stream of the caller's tenant and a version in it. */
export type ConsistencyToken = { readonly streamType: string; readonly streamId: string; readonly version: number }

const Payload = t.tuple([t.string, t.string, t.Int])

export const encodeConsistencyToken = (token: ConsistencyToken): string =>
  Buffer.from(JSON.stringify([token.streamType, token.streamId, token.version])).toString('base64url')

const parseJson = (text: string): E.Either<unknown, unknown> => E.tryCatch(() => JSON.parse(text), E.toError)

export const decodeConsistencyToken = (token: string): E.Either<'malformed', ConsistencyToken> =>
  pipe(
    parseJson(Buffer.from(token, 'base64url').toString('utf8')),
    E.chainW((json) => Payload.decode(json)),
    E.filterOrElseW(
      ([, , version]) => version > 0,
      () => 'malformed' as const,
    ),
    E.bimap(
      () => 'malformed' as const,
      ([streamType, streamId, version]) => ({ streamType, streamId, version }),
    ),
  )
