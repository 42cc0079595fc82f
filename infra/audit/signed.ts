import { hash, type KeyObject } from 'node:crypto'
import * as t from 'io-ts'
import { strict } from '../../schemas/strict.ts'
import { DescribedType } from '../../schemas/text.ts'
import { jcs } from '../event-store/canonical.ts'
import { isSignature, type Signer } from './signer.ts'

/** The only numbers in signed documents. */
export const Count = new DescribedType<number>(
  'Count',
  { type: 'integer', minimum: 0 },
  (input) => (typeof input === 'number' && Number.isSafeInteger(input) && input >= 0 ? input : undefined),
  'must be a whole number from 0',
)

/** A body with signatures of its RFC 8785 form (docs/audit.md). */
export type Signed<B> = {
  readonly body: B
  readonly signatures: ReadonlyArray<{ readonly keyId: string; readonly signature: string }>
}

export const SignedDocument = <B>(body: t.Type<B, unknown, unknown>) =>
  strict({ body, signatures: t.readonlyArray(strict({ keyId: t.string, signature: t.string })) })

const messageOf = (body: unknown): Buffer => Buffer.from(jcs(body), 'utf8')

/** SHA-256, hex, of a body's RFC 8785 form. */
export const documentHash = (body: unknown): string => hash('sha256', messageOf(body))

export const signed = async <B>(body: B, signers: ReadonlyArray<Signer>): Promise<Signed<B>> => {
  const message = messageOf(body)
  const signatures = await Promise.all(
    signers.map(async ({ keyId, sign }) => ({
      keyId,
      signature: Buffer.from(await sign(message)).toString('base64'),
    })),
  )
  return { body, signatures }
}

/** The bytes of base64 as it is usually spelt (RFC 4648, section 4): another spelling of the same bytes is none. */
export const bytesOfBase64 = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}

export const isSignedBy = <B>({ body, signatures }: Signed<B>, keyId: string, key: KeyObject): boolean =>
  signatures.some(({ keyId: by, signature }) => {
    const bytes = by === keyId ? bytesOfBase64(signature) : undefined
    return bytes !== undefined && isSignature(key, messageOf(body), bytes)
  })
