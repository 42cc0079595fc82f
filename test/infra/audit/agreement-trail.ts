import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { jcs } from '../../../infra/event-store/canonical.ts'
import { eventsTextOf, hashOf, type Unhashed } from '../../../infra/event-store/hash.ts'
import type { Commit } from '../../../infra/event-store/port.ts'
import { NO_HASH } from '../../../infra/event-store/position.ts'

/** The files of an export, by name. */
export type Files = ReadonlyMap<string, Buffer>

export type Body = { readonly [field: string]: unknown }
export type Document = {
  readonly body: Body
  readonly signatures: ReadonlyArray<{ readonly keyId: string; readonly signature: string }>
}
export type Proof = {
  readonly sequence: number
  readonly included: ReadonlyArray<ReadonlyArray<number>>
  readonly nodes: ReadonlyArray<string>
}

/** A key whose private half is at hand, so that tests can forge what only its holder could. */
export type Signer = {
  readonly keyId: string
  readonly der: Buffer
  readonly pem: string
  readonly privateKey: KeyObject
}

export const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex')

export const newSigner = (): Signer => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const der = publicKey.export({ type: 'spki', format: 'der' })
  return { keyId: sha256(der), der, pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(), privateKey }
}

export const signed = (body: Body, ...signers: ReadonlyArray<Signer>): Document => ({
  body,
  signatures: signers.map(({ keyId, privateKey }) => ({
    keyId,
    signature: sign('sha256', Buffer.from(jcs(body)), privateKey).toString('base64'),
  })),
})

export const hashOfBody = (body: Body): string => sha256(jcs(body))

export const fileOf = (lines: ReadonlyArray<string>): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''))

export const sealedCommit = (unhashed: Unhashed): Commit => ({
  ...unhashed,
  hash: hashOf(unhashed, eventsTextOf(unhashed.events)),
})

export type Key = { readonly validFrom: string; readonly signer: Signer }

/** All there is of a tenant. */
export type Trail = {
  readonly tenant: string
  readonly keys: readonly [Key, ...Key[]]
  readonly commits: ReadonlyArray<Commit>
}

/** The key that is valid at a time (RFC 3339, UTC, milliseconds); the first where none is. */
export const signerAt = ({ keys }: Trail, time: string): Signer =>
  (keys.findLast(({ validFrom }) => validFrom <= time) ?? keys[0]).signer

export const keyDocuments = (keys: ReadonlyArray<Key>): ReadonlyArray<Document> => {
  const documents: Document[] = []
  for (const [at, { validFrom, signer }] of keys.entries()) {
    const before = documents.at(-1)
    const body = {
      format: 'daybook.key.1',
      sequence: at + 1,
      keyId: signer.keyId,
      publicKey: signer.der.toString('base64'),
      validFrom,
      previousKey: before === undefined ? NO_HASH : hashOfBody(before.body),
    }
    const signerBefore = keys.slice(0, at).slice(-1)
    documents.push(signed(body, signer, ...signerBefore.map((key) => key.signer)))
  }
  return documents
}

/** A manifest that lists the files as they are. */
export const manifestOf = (body: Body, files: Files, signer: Signer): Buffer => {
  const listed = [...files].filter(([name]) => name !== 'manifest.json')
  const entries = listed.map(([name, content]) => ({ name, sha256: sha256(content), size: content.length }))
  return fileOf([jcs(signed({ ...body, files: entries }, signer))])
}
