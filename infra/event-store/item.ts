import { gunzipSync, gzipSync } from 'node:zlib'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import type { Sealed } from './commit.ts'
import { hashOf, type Unhashed } from './hash.ts'
import { partitionKeyOf, streamOfPartitionKey, timeBucketOf } from './keys.ts'
import { type Commit, CorruptCommit } from './port.ts'

/** An attribute as the SDK gives it, or as Lambda does (there, binary is base64 text). */
export type Attribute = { readonly S?: string; readonly N?: string; readonly B?: string | Uint8Array }
export type Image = { readonly [attribute: string]: Attribute }

export type Item = {
  readonly [attribute: string]: { readonly S: string } | { readonly N: string } | { readonly B: Uint8Array }
}

/** Version of this format; stored with every item, so that a later one can be told apart. */
const FORMAT = 1

/** DynamoDB rounds an item's size up to this many bytes a write unit. */
const WRITE_UNIT = 1024

/** A packed item of 400 KB that unpacks to more than this was not written by us. */
const MAX_EVENTS_BYTES = 64 * 1024 * 1024

/** DynamoDB: names and values in UTF-8 count; a number takes about half its digits plus one (we take all its digits). */
export const itemSize = (item: Item): number => {
  let size = 0
  for (const [name, value] of Object.entries(item)) {
    size += name.length
    if ('B' in value) size += value.B.byteLength
    else size += Buffer.byteLength('S' in value ? value.S : value.N, 'utf8')
  }
  return size
}

/** The events as text, or gzipped where that saves a write unit. */
const eventsAttribute = (text: string, rest: number): { readonly S: string } | { readonly B: Uint8Array } => {
  const plain = Buffer.byteLength(text, 'utf8')
  if (rest + plain <= WRITE_UNIT) return { S: text }
  const packed = gzipSync(text, { level: 4 })
  return Math.ceil((rest + packed.byteLength) / WRITE_UNIT) < Math.ceil((rest + plain) / WRITE_UNIT)
    ? { B: packed }
    : { S: text }
}

/** The one item that stores a commit. */
export const itemOf = ({ commit, eventsText }: Sealed): Item => {
  const item: Item = {
    pk: { S: partitionKeyOf(commit.stream) },
    sk: { N: String(commit.version) },
    format: { N: String(FORMAT) },
    bucket: { S: timeBucketOf(commit.stream.tenant, commit.time, commit.hash) },
    commitId: { S: commit.commitId },
    commandId: { S: commit.commandId },
    fingerprint: { S: commit.fingerprint },
    subject: { S: commit.actor.subject },
    roles: { S: commit.actor.roles.join(',') },
    correlationId: { S: commit.correlationId },
    ...(commit.causationId === null ? {} : { causationId: { S: commit.causationId } }),
    time: { S: commit.time },
    previousHash: { S: commit.previousHash },
    hash: { S: commit.hash },
  }
  return { ...item, events: eventsAttribute(eventsText, itemSize(item) + 'events'.length) }
}

const Text = t.strict({ S: t.string })
const Stored = t.intersection([
  t.strict({
    pk: Text,
    sk: t.strict({ N: t.string }),
    format: t.strict({ N: t.literal(String(FORMAT)) }),
    commitId: Text,
    commandId: Text,
    fingerprint: Text,
    subject: Text,
    roles: Text,
    correlationId: Text,
    time: Text,
    previousHash: Text,
    hash: Text,
    events: t.unknown,
  }),
  t.partial({ causationId: Text }),
])

const StoredEvents = t.readonlyArray(t.strict({ type: t.string, schemaVersion: t.Int, data: t.unknown }))

const textOf = (attribute: Attribute | undefined): string => {
  if (attribute?.S !== undefined) return attribute.S
  if (attribute?.B === undefined) throw new Error('it has no events')
  const packed = typeof attribute.B === 'string' ? Buffer.from(attribute.B, 'base64') : attribute.B
  return gunzipSync(packed, { maxOutputLength: MAX_EVENTS_BYTES }).toString('utf8')
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const decodeEvents = (image: Image): E.Either<string, { readonly text: string; readonly events: Commit['events'] }> =>
  pipe(
    E.tryCatch(
      () => {
        const text = textOf(image['events'])
        const json: unknown = JSON.parse(text)
        return { text, json }
      },
      (error) => `its events cannot be read: ${reasonOf(error)}`,
    ),
    E.chain(({ text, json }) =>
      pipe(
        StoredEvents.decode(json),
        E.filterOrElseW(
          (events) => events.length > 0,
          () => 'empty',
        ),
        E.bimap(
          () => 'its events lack a type, a schema version or data',
          (events) => ({ text, events }),
        ),
      ),
    ),
  )

const verified = (unhashed: Unhashed, text: string, hash: string): E.Either<string, Commit> =>
  hashOf(unhashed, text) === hash ? E.right({ ...unhashed, hash }) : E.left('its hash does not match its content')

const corrupt = (image: Image, reason: string): CorruptCommit => {
  const stream = streamOfPartitionKey(image['pk']?.S ?? '') ?? { tenant: '?', type: '?', id: '?' }
  return new CorruptCommit(stream, Number(image['sk']?.N ?? Number.NaN), reason)
}

/** Reads a commit back from its item, from a table or from a feed's record, and checks it against its own hash. */
export const commitOfImage = (image: Image): E.Either<CorruptCommit, Commit> => {
  const stored = Stored.decode(image)
  if (E.isLeft(stored)) return E.left(corrupt(image, `it is not an item of format ${FORMAT}`))
  const item = stored.right
  const stream = streamOfPartitionKey(item.pk.S)
  const version = Number(item.sk.N)
  if (stream === undefined || !Number.isSafeInteger(version) || version < 1) {
    return E.left(corrupt(image, 'its key names no stream and version'))
  }
  return pipe(
    decodeEvents(image),
    E.chain(({ text, events }) =>
      verified(
        {
          stream,
          version,
          commitId: item.commitId.S,
          commandId: item.commandId.S,
          fingerprint: item.fingerprint.S,
          actor: { subject: item.subject.S, roles: item.roles.S === '' ? [] : item.roles.S.split(',') },
          correlationId: item.correlationId.S,
          causationId: item.causationId?.S ?? null,
          time: item.time.S,
          events,
          previousHash: item.previousHash.S,
        },
        text,
        item.hash.S,
      ),
    ),
    E.mapLeft((reason) => corrupt(image, reason)),
  )
}
