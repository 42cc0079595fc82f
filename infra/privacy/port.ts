import type { KeyObject } from 'node:crypto'

/** A person's key: as long as it lives, what is sealed under it opens. `keyId`: 22 characters of base64url, which do not tell the name. */
export type SubjectKey =
  | { readonly _tag: 'Live'; readonly keyId: string; readonly key: KeyObject }
  /** `erasedAt`: RFC 3339 UTC. */
  | { readonly _tag: 'Destroyed'; readonly keyId: string; readonly erasedAt: string }

/** Keys by tenant and person (the data subject). Operations reject with `EventStoreFault` when the engine is away. */
export type SubjectKeys = {
  /** The person's key, made at its first use: whoever uses it first at the same time gets the same one. Never another one again. */
  readonly keyOf: (tenant: string, subject: string) => Promise<SubjectKey>
  readonly byId: (keyIds: ReadonlyArray<string>) => Promise<ReadonlyMap<string, SubjectKey>>
  /** Leaves nothing but the key's id and the time, which is that of the first call. Undefined: the person never had a key. */
  readonly destroy: (
    tenant: string,
    subject: string,
    now: string,
  ) => Promise<Extract<SubjectKey, { readonly _tag: 'Destroyed' }> | undefined>
}

/** The key that all others are kept under: of a file on a laptop, of KMS in the cloud. */
export type MasterKey = {
  readonly wrap: (keyId: string, key: Uint8Array) => Promise<Uint8Array>
  /** Rejects what was not wrapped under this master key for this id. */
  readonly unwrap: (keyId: string, wrapped: Uint8Array) => Promise<Uint8Array>
  /** HMAC-SHA256, base64url, under a key derived from the master key. */
  readonly mac: (text: string) => Promise<string>
}
