import { randomBytes } from 'node:crypto'
import { KMSClient } from '@aws-sdk/client-kms'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CorruptTrail } from '../../../infra/audit/corrupt-trail.ts'
import { knownKeys } from '../../../infra/audit/key-history.ts'
import { kmsKeys } from '../../../infra/audit/kms-keys.ts'
import { kmsSigner } from '../../../infra/audit/kms-signer.ts'
import { isSignature, publicKeyOf } from '../../../infra/audit/signer.ts'
import { documentsIn } from '../../../infra/objects/documents.ts'
import { memoryObjects } from '../../../infra/objects/memory.ts'
import { type KmsStandIn, kmsStandIn } from '../../aws/kms.ts'

const clientOf = (endpoint: string) =>
  new KMSClient({ endpoint, region: 'eu-west-2', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } })

let kms: KmsStandIn
beforeAll(async () => {
  kms = await kmsStandIn()
})
afterAll(() => kms.stop())

/** Keys over one history, whose time goes on by itself. */
const history = () => {
  const documents = documentsIn(memoryObjects(), (key, reason) => new CorruptTrail(`${key} ${reason}`))
  let now = Date.UTC(2026, 2, 1)
  return (...names: ReadonlyArray<string>) =>
    kmsKeys(clientOf(kms.url), names, documents, () => {
      now += 10_000
      return new Date(now)
    })
}

test('what a key of KMS signs verifies under its public key, and nothing else does', async () => {
  const signer = await kmsSigner(clientOf(kms.url), 'signs')
  const key = publicKeyOf(signer.publicKey)
  if (key === undefined) throw new Error('no key')
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), async (message) => {
      const signature = await signer.sign(message)
      expect(isSignature(key, message, signature)).toBe(true)
      expect(isSignature(key, Buffer.concat([message, randomBytes(1)]), signature)).toBe(false)
    }),
    { numRuns: 30 },
  )
})

test('a key on another curve is refused', async () => {
  const other = await kmsStandIn('secp384r1')
  await expect(kmsSigner(clientOf(other.url), 'signs')).rejects.toThrow('no key on P-256')
  await other.stop()
})

test('a key that is named behind the others signs from then on, and the history verifies', async () => {
  const keysOf = history()
  const first = await keysOf('one').signer()
  expect((await keysOf('one').signer()).keyId).toBe(first.keyId)
  await keysOf('one', 'two').signer()
  const second = await keysOf('one', 'two').signer()
  expect(second.keyId).not.toBe(first.keyId)
  const known = knownKeys(await keysOf('one', 'two').history())
  expect(E.isRight(known) && known.right.map(({ keyId }) => keyId)).toEqual([first.keyId, second.keyId])
})

test('a key that has signed and is not named any more is missed before anything is signed without it', async () => {
  const keysOf = history()
  await keysOf('one').signer()
  await expect(keysOf('two').signer()).rejects.toThrow('which is none of two')
  expect(await keysOf('two').history()).toHaveLength(1)
})

test('without permission nothing is signed, and the next try is a new one', async () => {
  const keys = history()('one')
  kms.denied.add('GetPublicKey')
  await expect(keys.signer()).rejects.toThrow('not authorized to perform kms:GetPublicKey')
  kms.denied.clear()
  expect((await keys.signer()).keyId).toHaveLength(64)
})
