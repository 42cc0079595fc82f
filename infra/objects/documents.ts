import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { decode } from '../../schemas/decode.ts'
import { jcs } from '../event-store/canonical.ts'
import { type ConditionalObjects, ObjectStorageFault } from './port.ts'

/** Bytes of a document, at most. */
const LIMIT = 16 * 1024 * 1024

/** Each time somebody else has changed it; more often is a defect. */
const MOST_ATTEMPTS = 20

type Found<A> = { readonly document: A | null; readonly tag: string | null }

/** JSON documents in object storage, checked as they are read. */
export type Documents = {
  /** The document under a key, or null. */
  readonly find: <A>(key: string, codec: t.Decoder<unknown, A>) => Promise<A | null>
  /** The document under a key, which has to be there. */
  readonly read: <A>(key: string, codec: t.Decoder<unknown, A>) => Promise<A>
  /**
   * Changes a document by compare-and-swap: `change` gets what is there (null: nothing) and answers what is to be there, or null when
   * that is so already; it is asked again when somebody was faster.
   */
  readonly change: <A>(
    key: string,
    codec: t.Decoder<unknown, A>,
    change: (document: A | null) => Promise<A | null>,
  ) => Promise<void>
  /** Writes a document unless there is one under this key, whatever it is; tells whether it did. */
  readonly create: (key: string, document: unknown) => Promise<boolean>
}

const bytesOf = (document: unknown): Uint8Array => Buffer.from(`${jcs(document)}\n`)

/** @param corrupt what is thrown where the document under a key is missing, or another than it should be. */
export const documentsIn = (
  objects: ConditionalObjects,
  corrupt: (key: string, reason: string) => Error,
): Documents => {
  const parsed = <A>(key: string, codec: t.Decoder<unknown, A>, bytes: Uint8Array): A => {
    const json = E.tryCatch(
      (): unknown => JSON.parse(Buffer.from(bytes).toString('utf8')),
      () => corrupt(key, 'is not JSON'),
    )
    if (E.isLeft(json)) throw json.left
    const document = decode(codec, json.right)
    if (E.isRight(document)) return document.right
    const [fault] = document.left
    throw corrupt(key, `is not what it should be: ${fault?.pointer} ${fault?.message}`)
  }
  const found = async <A>(key: string, codec: t.Decoder<unknown, A>): Promise<Found<A>> => {
    const got = await objects.getTagged(key, LIMIT)
    if (E.isRight(got)) return { document: parsed(key, codec, got.right.bytes), tag: got.right.tag }
    if (got.left._tag === 'ObjectMissing') return { document: null, tag: null }
    throw corrupt(key, `has ${got.left.size} bytes, more than any has`)
  }
  return {
    find: async (key, codec) => (await found(key, codec)).document,
    read: async (key, codec) => {
      const { document } = await found(key, codec)
      if (document === null) throw corrupt(key, 'is missing')
      return document
    },
    change: async (key, codec, change) => {
      for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
        const { document, tag } = await found(key, codec)
        const next = await change(document)
        if (next === null || (await objects.putIf(key, tag, bytesOf(next)))) return
      }
      throw new ObjectStorageFault(`object ${key} was changed by others ${MOST_ATTEMPTS} times meanwhile`)
    },
    create: (key, document) => objects.putIf(key, null, bytesOf(document)),
  }
}
