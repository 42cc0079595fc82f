import type { Either } from 'fp-ts/lib/Either.js'

export type ObjectMissing = { readonly _tag: 'ObjectMissing'; readonly key: string }

/** The object is longer than its reader allows, and was not read. Sizes in bytes. */
export type ObjectTooLarge = { readonly _tag: 'ObjectTooLarge'; readonly size: number; readonly limit: number }

/**
 * Bytes by key, for content-addressed use: a key names its bytes, so writing it again changes nothing, and nothing is ever removed.
 * Keys are segments of letters, digits, '.', '_', '~' and '-', parted by '/' (see key.ts); no key may be the folder of another.
 * Operations reject (throw) with `ObjectStorageFault` when the storage is away and with `InvalidObjectKey` on other keys.
 */
export type ObjectStorage = {
  /** Resolves when the bytes would survive a crash of the machine. */
  readonly put: (key: string, bytes: Uint8Array) => Promise<void>
  /** The bytes as they are stored, which whoever asks has to verify. `limit`: how many bytes to take at the most. */
  readonly get: (key: string, limit: number) => Promise<Either<ObjectMissing | ObjectTooLarge, Uint8Array>>
}

/** An object's bytes and a name for them: where the tag is the same, so are the bytes. */
export type Tagged = { readonly bytes: Uint8Array; readonly tag: string }

/** Storage whose objects can also be changed, by compare-and-swap. A key that is changed in this way is never `put`. */
export type ConditionalObjects = ObjectStorage & {
  readonly getTagged: (key: string, limit: number) => Promise<Either<ObjectMissing | ObjectTooLarge, Tagged>>
  /**
   * Puts the bytes if the object has this tag still; null: if there is none. False: it was not so. After a retry that may be this
   * call's own doing, so whoever gets a false looks again.
   */
  readonly putIf: (key: string, tag: string | null, bytes: Uint8Array) => Promise<boolean>
}

/** The storage is unreachable, full, or refuses us. A missing object is no fault. */
export class ObjectStorageFault extends Error {
  override readonly name = 'ObjectStorageFault'
}

/** A programmer's error: no key that every adapter can keep. */
export class InvalidObjectKey extends TypeError {
  override readonly name = 'InvalidObjectKey'
}
