import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { decode, type Fault } from '../../schemas/decode.ts'
import { strict } from '../../schemas/strict.ts'
import type { Sealed } from './commit.ts'
import { hashOf, type Unhashed } from './hash.ts'
import { partitionKeyOf, streamOfPartitionKey, timeBucketOf } from './keys.ts'
import { PACKED_LIMIT } from './limits.ts'
import { objectKeyOf } from './object-key.ts'
import { pack, unpack } from './packing.ts'
import { type Actor, type Commit, CorruptCommit } from './port.ts'

/** An attribute as the SDK gives it, or as Lambda does (there, binary is base64 text). */
export type Attribute = { readonly S?: string; readonly N?: string; readonly B?: string | Uint8Array }
export type Image = { readonly [attribute: string]: Attribute }

export type Item = {
  readonly [attribute: string]: { readonly S: string } | { readonly N: string } | { readonly B: Uint8Array }
}

/** Where the packed events of a large commit are, and which bytes they must be: SHA-256 in hex, size in bytes. */
export type EventsObject = { readonly key: string; readonly sha256: string; readonly size: number }

/** What was done for events before their item is made: nothing, or they were packed, or put into object storage. */
export type Kept = { readonly packed?: Uint8Array } | { readonly object: EventsObject }

/** Format of an item, stored with it: its events stand in it, or it names their object. */
const INLINE = '1'
const OFFLOADED = '2'

/** DynamoDB rounds an item's size up to this many bytes a write unit. */
const WRITE_UNIT = 1024

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
const eventsAttribute = (
  text: string,
  rest: number,
  packed: Uint8Array | undefined,
): { readonly S: string } | { readonly B: Uint8Array } => {
  const plain = Buffer.byteLength(text, 'utf8')
  if (rest + plain <= WRITE_UNIT) return { S: text }
  const bytes = packed ?? pack(text)
  return Math.ceil((rest + bytes.byteLength) / WRITE_UNIT) < Math.ceil((rest + plain) / WRITE_UNIT)
    ? { B: bytes }
    : { S: text }
}

const headerAttributes = ({ commit, traceparent }: Sealed, format: string): Item => ({
  pk: { S: partitionKeyOf(commit.stream) },
  sk: { N: String(commit.version) },
  format: { N: format },
  bucket: { S: timeBucketOf(commit.stream.tenant, commit.time, commit.hash) },
  commitId: { S: commit.commitId },
  commandId: { S: commit.commandId },
  fingerprint: { S: commit.fingerprint },
  subject: { S: commit.actor.subject },
  roles: { S: commit.actor.roles.join(',') },
  ...(commit.actor.client === undefined ? {} : { client: { S: commit.actor.client } }),
  correlationId: { S: commit.correlationId },
  ...(commit.causationId === null ? {} : { causationId: { S: commit.causationId } }),
  time: { S: commit.time },
  previousHash: { S: commit.previousHash },
  hash: { S: commit.hash },
  ...(traceparent === undefined ? {} : { traceparent: { S: traceparent } }),
})

/** The one item that stores a commit. */
export const itemOf = (sealed: Sealed, kept: Kept = {}): Item => {
  if ('object' in kept) {
    const { key, sha256, size } = kept.object
    const pointer = { object: { S: key }, objectSha256: { S: sha256 }, objectSize: { N: String(size) } }
    return { ...headerAttributes(sealed, OFFLOADED), ...pointer }
  }
  const item = headerAttributes(sealed, INLINE)
  return { ...item, events: eventsAttribute(sealed.eventsText, itemSize(item) + 'events'.length, kept.packed) }
}

const Text = strict({ S: t.string })
const NumberText = strict({ N: t.string })
const Stored = strict({
  pk: Text,
  sk: NumberText,
  format: NumberText,
  commitId: Text,
  commandId: Text,
  fingerprint: Text,
  subject: Text,
  roles: Text,
  client: t.union([t.undefined, Text]),
  correlationId: Text,
  causationId: t.union([t.undefined, Text]),
  time: Text,
  previousHash: Text,
  hash: Text,
})

const Pointer = strict({ object: Text, objectSha256: Text, objectSize: NumberText })

const StoredEvents = t.readonlyArray(strict({ type: t.string, schemaVersion: t.Int, data: t.unknown }))

type Stored = t.TypeOf<typeof Stored>

const actorOf = ({ subject, roles, client }: Stored): Actor => ({
  subject: subject.S,
  roles: roles.S === '' ? [] : roles.S.split(','),
  ...(client && { client: client.S }),
})

/** A commit but for its events. */
type Head = { readonly header: Omit<Unhashed, 'events'>; readonly hash: string }

/** A commit whose events are in object storage: only who has that can tell whether it is intact. */
export type Offloaded = Head & { readonly object: EventsObject }

export const isOffloaded = (found: Commit | Offloaded): found is Offloaded => 'object' in found

const attributeFault = ([fault]: ReadonlyArray<Fault>): string =>
  `its ${fault?.pointer.split('/')[1]} is missing or of another type`

const headOf = (image: Image): E.Either<string, Head & { readonly format: string }> => {
  const stored = decode(Stored, image)
  if (E.isLeft(stored)) return E.left(attributeFault(stored.left))
  const item = stored.right
  const stream = streamOfPartitionKey(item.pk.S)
  const version = Number(item.sk.N)
  if (stream === undefined || !Number.isSafeInteger(version) || version < 1) {
    return E.left('its key names no stream and version')
  }
  const header = {
    stream,
    version,
    commitId: item.commitId.S,
    commandId: item.commandId.S,
    fingerprint: item.fingerprint.S,
    actor: actorOf(item),
    correlationId: item.correlationId.S,
    causationId: item.causationId?.S ?? null,
    time: item.time.S,
    previousHash: item.previousHash.S,
  }
  return E.right({ header, hash: item.hash.S, format: item.format.N })
}

const textOf = (attribute: Attribute | undefined): string => {
  if (attribute?.S !== undefined) return attribute.S
  if (attribute?.B === undefined) throw new Error('they are missing or of another type')
  return unpack(typeof attribute.B === 'string' ? Buffer.from(attribute.B, 'base64') : attribute.B)
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const parsed = (text: () => string): E.Either<string, { readonly canonical: string; readonly json: unknown }> => {
  try {
    const canonical = text()
    return E.right({ canonical, json: JSON.parse(canonical) })
  } catch (error) {
    return E.left(`its events cannot be read: ${reasonOf(error)}`)
  }
}

/** Puts a commit together from its head and the text of its events, and checks it against its own hash; or tells why not. */
const commitWith = ({ header, hash }: Head, text: () => string): E.Either<string, Commit> => {
  const read = parsed(text)
  if (E.isLeft(read)) return read
  const events = decode(StoredEvents, read.right.json)
  if (E.isLeft(events)) {
    const [fault] = events.left
    return E.left(`its events are not what events are: ${fault?.pointer} ${fault?.message}`)
  }
  if (events.right.length === 0) return E.left('it has no events')
  const unhashed = { ...header, events: events.right }
  return hashOf(unhashed, read.right.canonical) === hash
    ? E.right({ ...unhashed, hash })
    : E.left('its hash does not match its content')
}

/** The commit of an item that names an object, with that object's bytes; or why they are not what was written. */
export const offloadedCommit = (head: Offloaded, packed: Uint8Array): E.Either<string, Commit> =>
  commitWith(head, () => unpack(packed))

const offloadedOf = (head: Head, image: Image): E.Either<string, Offloaded> => {
  const pointer = decode(Pointer, image)
  if (E.isLeft(pointer)) return E.left(attributeFault(pointer.left))
  const { object, objectSha256, objectSize } = pointer.right
  const size = Number(objectSize.N)
  const fits = Number.isSafeInteger(size) && size > 0 && size <= PACKED_LIMIT
  if (!fits) return E.left(`its object cannot have ${objectSize.N} bytes`)
  return object.S === objectKeyOf(head.header.stream, objectSha256.S)
    ? E.right({ header: head.header, hash: head.hash, object: { key: object.S, sha256: objectSha256.S, size } })
    : E.left('its pointer names an object that is not its own')
}

const corrupt = (image: Image, reason: string): CorruptCommit => {
  const stream = streamOfPartitionKey(image['pk']?.S ?? '') ?? { tenant: '?', type: '?', id: '?' }
  return new CorruptCommit(stream, Number(image['sk']?.N ?? Number.NaN), reason)
}

/**
 * Reads a commit back from its item, from a table or from a feed's record, and checks it against its own hash; of a commit whose
 * events are in object storage, what the item tells of it.
 */
export const commitOfImage = (image: Image): E.Either<CorruptCommit, Commit | Offloaded> => {
  const found = foundIn(image)
  return E.isLeft(found) ? E.left(corrupt(image, found.left)) : found
}

const foundIn = (image: Image): E.Either<string, Commit | Offloaded> => {
  const head = headOf(image)
  if (E.isLeft(head)) return head
  switch (head.right.format) {
    case INLINE:
      return commitWith(head.right, () => textOf(image['events']))
    case OFFLOADED:
      return offloadedOf(head.right, image)
    default:
      return E.left(`its format ${head.right.format} is not known`)
  }
}
