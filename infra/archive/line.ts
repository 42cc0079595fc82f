import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { decode } from '../../schemas/decode.ts'
import { strict } from '../../schemas/strict.ts'
import { jcsOfPlain } from '../event-store/canonical.ts'
import { eventsTextOf, hashOf } from '../event-store/hash.ts'
import type { Commit } from '../event-store/port.ts'

const ArchivedCommit = strict({
  stream: strict({ tenant: t.string, type: t.string, id: t.string }),
  version: t.Int,
  commitId: t.string,
  commandId: t.string,
  fingerprint: t.string,
  actor: strict({ subject: t.string, roles: t.readonlyArray(t.string), client: t.union([t.undefined, t.string]) }),
  correlationId: t.string,
  causationId: t.union([t.null, t.string]),
  time: t.string,
  events: t.readonlyArray(strict({ type: t.string, schemaVersion: t.Int, data: t.unknown })),
  previousHash: t.string,
  hash: t.string,
})

/** A commit with all its fields in RFC 8785 form, which has no line breaks. */
export const lineOf = (commit: Commit): string => jcsOfPlain(commit)

/** The commit of a line, checked against its own hash; or why it is none. */
export const commitOfLine = (line: string): E.Either<string, Commit> => {
  const json = E.tryCatch(
    (): unknown => JSON.parse(line),
    () => 'is not JSON',
  )
  if (E.isLeft(json)) return json
  const decoded = decode(ArchivedCommit, json.right)
  if (E.isLeft(decoded)) {
    const [fault] = decoded.left
    return E.left(`is no commit: ${fault?.pointer} ${fault?.message}`)
  }
  const { hash, ...unhashed } = decoded.right
  return hashOf(unhashed, eventsTextOf(unhashed.events)) === hash
    ? decoded
    : E.left(`does not match its own hash (commit ${unhashed.commitId})`)
}
