import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import * as t from 'io-ts'
import { signDigest } from './sign-digest.ts'
import { type Answer, type Asked, type StandIn, standIn } from './stand-in.ts'

const Request = t.intersection([
  t.type({ KeyId: t.string }),
  t.partial({ Message: t.string, CiphertextBlob: t.string, EncryptionContext: t.record(t.string, t.string) }),
])
type Request = t.TypeOf<typeof Request>

const IV_BYTES = 12

const answered = (body: object): Answer => ({
  status: 200,
  headers: { 'Content-Type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(body),
})
const refused = (type: string, message: string): Answer => ({
  status: 400,
  headers: { 'Content-Type': 'application/x-amz-json-1.1' },
  body: JSON.stringify({ __type: type, message }),
})

export type KmsStandIn = StandIn & {
  /** Operations that were asked for, in order. */
  readonly asked: string[]
  /** Operations that are refused from now on (AccessDeniedException). */
  readonly denied: Set<string>
}

/** A KMS that really signs (keys on P-256, made when their id is first named) and encrypts, bound to the encryption context. */
export const kmsStandIn = async (curve = 'prime256v1'): Promise<KmsStandIn> => {
  const pairs = new Map<string, KeyObject>()
  const wrapping = randomBytes(32)
  const asked: string[] = []
  const denied = new Set<string>()
  const pairOf = (id: string): KeyObject => {
    const key = pairs.get(id) ?? generateKeyPairSync('ec', { namedCurve: curve }).privateKey
    pairs.set(id, key)
    return key
  }
  const contextOf = ({ KeyId, EncryptionContext }: Request): Buffer =>
    Buffer.from(JSON.stringify([KeyId, EncryptionContext ?? null]))
  const operations: { readonly [name: string]: (request: Request) => Answer } = {
    GetPublicKey: ({ KeyId }) =>
      answered({
        PublicKey: createPublicKey(pairOf(KeyId)).export({ type: 'spki', format: 'der' }).toString('base64'),
      }),
    Sign: ({ KeyId, Message = '' }) =>
      answered({ Signature: signDigest(pairOf(KeyId), Buffer.from(Message, 'base64')).toString('base64') }),
    GenerateDataKey: (request) => {
      const [secret, iv] = [randomBytes(32), randomBytes(IV_BYTES)]
      const cipher = createCipheriv('aes-256-gcm', wrapping, iv).setAAD(contextOf(request))
      const blob = Buffer.concat([iv, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
      return answered({ Plaintext: secret.toString('base64'), CiphertextBlob: blob.toString('base64') })
    },
    Decrypt: (request) => {
      const blob = Buffer.from(request.CiphertextBlob ?? '', 'base64')
      const decipher = createDecipheriv('aes-256-gcm', wrapping, blob.subarray(0, IV_BYTES))
      decipher.setAAD(contextOf(request)).setAuthTag(blob.subarray(-16))
      try {
        const secret = Buffer.concat([decipher.update(blob.subarray(IV_BYTES, -16)), decipher.final()])
        return answered({ Plaintext: secret.toString('base64') })
      } catch {
        return refused('InvalidCiphertextException', 'not under this key and context')
      }
    },
  }
  const answer = ({ headers, body }: Asked): Answer => {
    const name = String(headers['x-amz-target']).split('.')[1] ?? ''
    asked.push(name)
    const request: unknown = JSON.parse(body.toString('utf8'))
    if (denied.has(name)) return refused('AccessDeniedException', `not authorized to perform kms:${name}`)
    const operation = operations[name]
    return operation && Request.is(request) ? operation(request) : refused('ValidationException', name)
  }
  return { ...(await standIn(answer)), asked, denied }
}
