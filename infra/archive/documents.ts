import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { decode } from '../../schemas/decode.ts'
import { strict } from '../../schemas/strict.ts'
import { jcs } from '../event-store/canonical.ts'
import { type ConditionalObjects, ObjectStorageFault } from '../objects/port.ts'
import { CorruptArchive } from './fault.ts'

const Part = strict({
  key: t.string,
  /** Of the object's bytes, hex. */
  sha256: t.string,
  /** Of the object, in bytes. */
  size: t.number,
  commits: t.number,
  first: t.string,
  last: t.string,
})

/** What an object of the archive holds: so many commits, ascending from the id `first` to the id `last`. */
export type Part = t.TypeOf<typeof Part>

/** The parts of one hour, by their first commits' ids. No commit is in two of them. */
export const Manifest = strict({ format: t.literal(1), hour: t.string, parts: t.readonlyArray(Part) })
export type Manifest = t.TypeOf<typeof Manifest>

/** The hours that have a manifest, ascending. */
export const Hours = strict({ format: t.literal(1), hours: t.readonlyArray(t.string) })
export type Hours = t.TypeOf<typeof Hours>

/** Some 50,000 parts, or 700,000 hours. */
const DOCUMENT_LIMIT = 16 * 1024 * 1024

/** Each time somebody else has changed it; more often is a defect. */
const MOST_ATTEMPTS = 20

type Found<A> = { readonly document: A | null; readonly tag: string | null }

const parsed = <A>(key: string, codec: t.Decoder<unknown, A>, bytes: Uint8Array): A => {
  const json = E.tryCatch(
    () => JSON.parse(Buffer.from(bytes).toString('utf8')),
    () => new CorruptArchive(key, 'is not JSON'),
  )
  if (E.isLeft(json)) throw json.left
  const document = decode(codec, json.right)
  if (E.isRight(document)) return document.right
  const [fault] = document.left
  throw new CorruptArchive(key, `is not what it should be: ${fault?.pointer} ${fault?.message}`)
}

const found = async <A>(objects: ConditionalObjects, key: string, codec: t.Decoder<unknown, A>): Promise<Found<A>> => {
  const got = await objects.getTagged(key, DOCUMENT_LIMIT)
  if (E.isRight(got)) return { document: parsed(key, codec, got.right.bytes), tag: got.right.tag }
  if (got.left._tag === 'ObjectMissing') return { document: null, tag: null }
  throw new CorruptArchive(key, `has ${got.left.size} bytes, more than any has`)
}

/** The document under a key. Throws `CorruptArchive` where it is missing or another. */
export const readDocument = async <A>(
  objects: ConditionalObjects,
  key: string,
  codec: t.Decoder<unknown, A>,
): Promise<A> => {
  const { document } = await found(objects, key, codec)
  if (document === null) throw new CorruptArchive(key, 'is missing')
  return document
}

/**
 * Changes a document by compare-and-swap: `change` gets what is there (null: nothing) and answers what is to be there, or null when
 * that is so already; it is asked again when somebody was faster.
 */
export const changeDocument = async <A>(
  objects: ConditionalObjects,
  key: string,
  codec: t.Decoder<unknown, A>,
  change: (document: A | null) => Promise<A | null>,
): Promise<void> => {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const { document, tag } = await found(objects, key, codec)
    const next = await change(document)
    if (next === null || (await objects.putIf(key, tag, Buffer.from(`${jcs(next)}\n`)))) return
  }
  throw new ObjectStorageFault(`object ${key} was changed by others ${MOST_ATTEMPTS} times meanwhile`)
}
