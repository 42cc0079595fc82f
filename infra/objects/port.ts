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

/** The storage is unreachable, full, or refuses us. A missing object is no fault. */
export class ObjectStorageFault extends Error {
  override readonly name = 'ObjectStorageFault'
}

/** A programmer's error: no key that every adapter can keep. */
export class InvalidObjectKey extends TypeError {
  override readonly name = 'InvalidObjectKey'
}
