import { gunzipSync, gzipSync } from 'node:zlib'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Sealed } from './commit.ts'
import { hashOf, type Unhashed } from './hash.ts'
import { partitionKeyOf, streamOfPartitionKey, timeBucketOf } from './keys.ts'
import { type Commit, CorruptCommit, type StoredEvent } from './port.ts'

/** An attribute as the SDK gives it, or as Lambda does (there, binary is base64 text). */
export type Attribute = { readonly S?: string; readonly N?: string; readonly B?: string | Uint8Array }
export type Image = { readonly [attribute: string]: Attribute }

export type Item = {
  readonly [attribute: string]: { readonly S: string } | { readonly N: string } | { readonly B: Uint8Array }
}

/** Version of this format; stored with every item, so that a later one can be told apart. */
const FORMAT = 1

/** DynamoDB: 400 KB an item; the rest is our margin for the way it counts numbers. */
export const ITEM_LIMIT = 400 * 1024 - 1024

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
  const packed = gzipSync(text, { level: 1 })
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

/** The attributes that hold texts. */
const TEXTS = [
  'pk',
  'commitId',
  'commandId',
  'fingerprint',
  'subject',
  'roles',
  'correlationId',
  'time',
  'previousHash',
  'hash',
] as const

type Texts = { readonly [name in (typeof TEXTS)[number]]: string }

/** By hand, and not by a codec, because it is done to every commit that is read: fifteen times as fast. */
const textsOf = (image: Image): Texts | undefined => {
  const texts = {
    pk: '',
    commitId: '',
    commandId: '',
    fingerprint: '',
    subject: '',
    roles: '',
    correlationId: '',
    time: '',
    previousHash: '',
    hash: '',
  }
  for (const name of TEXTS) {
    const text = image[name]?.S
    if (typeof text !== 'string') return undefined
    texts[name] = text
  }
  return texts
}

/** Likewise by hand. */
const eventsOf = (json: unknown): Commit['events'] | undefined => {
  if (!Array.isArray(json) || json.length === 0) return undefined
  const events: StoredEvent[] = []
  for (const event of json) {
    const { type, schemaVersion, data }: { type?: unknown; schemaVersion?: unknown; data?: unknown } = Object(event)
    if (typeof type !== 'string' || !isInteger(schemaVersion) || data === undefined) return undefined
    events.push({ type, schemaVersion, data })
  }
  return events
}

const isInteger = (value: unknown): value is number => Number.isInteger(value)

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
    E.chain(({ text, json }) => {
      const events = eventsOf(json)
      return events ? E.right({ text, events }) : E.left('its events lack a type, a schema version or data')
    }),
  )

const verified = (unhashed: Unhashed, text: string, hash: string): E.Either<string, Commit> =>
  hashOf(unhashed, text) === hash ? E.right({ ...unhashed, hash }) : E.left('its hash does not match its content')

const corrupt = (image: Image, reason: string): CorruptCommit => {
  const stream = streamOfPartitionKey(image['pk']?.S ?? '') ?? { tenant: '?', type: '?', id: '?' }
  return new CorruptCommit(stream, Number(image['sk']?.N ?? Number.NaN), reason)
}

/** Reads a commit back from its item, from a table or from a feed's record, and checks it against its own hash. */
export const commitOfImage = (image: Image): E.Either<CorruptCommit, Commit> => {
  const texts = image['format']?.N === String(FORMAT) ? textsOf(image) : undefined
  if (texts === undefined) return E.left(corrupt(image, `it is not an item of format ${FORMAT}`))
  const { pk, subject, roles, hash, ...rest } = texts
  const stream = streamOfPartitionKey(pk)
  const version = Number(image['sk']?.N)
  if (stream === undefined || !Number.isSafeInteger(version) || version < 1) {
    return E.left(corrupt(image, 'its key names no stream and version'))
  }
  const actor = { subject, roles: roles === '' ? [] : roles.split(',') }
  const causationId = image['causationId']?.S ?? null
  return pipe(
    decodeEvents(image),
    E.chain(({ text, events }) => verified({ ...rest, stream, version, actor, causationId, events }, text, hash)),
    E.mapLeft((reason) => corrupt(image, reason)),
  )
}
