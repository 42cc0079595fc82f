import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { InvalidObjectKey, type ObjectStorage, ObjectStorageFault } from '../../infra/objects/port.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

let keys = 0
const freshKey = (): string => {
  keys += 1
  return `acme/order/key-${process.pid}-${keys}`
}

const MiB = 1024 * 1024

/** What every object storage keeps. `connect` gives another handle on the same objects; `away` one on a storage that is gone. */
export const objectsContract = (
  name: string,
  connect: () => Promise<ObjectStorage>,
  away: (() => Promise<ObjectStorage>) | null,
): void => {
  describe(`object storage in ${name}`, () => {
    test('what was put is what any handle gets', async () => {
      const [one, other] = [await connect(), await connect()]
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
          const key = freshKey()
          await one.put(key, bytes)
          expect(await other.get(key, bytes.byteLength)).toEqual(E.right(bytes))
        }),
        { numRuns: 20 },
      )
    })

    test('an object of several megabytes comes back as it was', async () => {
      const objects = await connect()
      const key = freshKey()
      const bytes = Uint8Array.from({ length: 8 * MiB }, (_, i) => (i * i) >>> 7)
      await objects.put(key, bytes)
      const got = await objects.get(key, 8 * MiB)
      expect(E.isRight(got) && Buffer.from(got.right).equals(bytes)).toBe(true)
    })

    test('what nobody put is missing, by name', async () => {
      const objects = await connect()
      expect(await objects.get('acme/order/nothing', MiB)).toEqual(
        E.left({ _tag: 'ObjectMissing', key: 'acme/order/nothing' }),
      )
      expect(await objects.get('nowhere', MiB)).toEqual(E.left({ _tag: 'ObjectMissing', key: 'nowhere' }))
    })

    test('an object that is longer than its reader allows is not read', async () => {
      const objects = await connect()
      const key = freshKey()
      await objects.put(key, new Uint8Array(2 * MiB))
      expect(await objects.get(key, 2 * MiB - 1)).toEqual(
        E.left({ _tag: 'ObjectTooLarge', size: 2 * MiB, limit: 2 * MiB - 1 }),
      )
      expect(E.isRight(await objects.get(key, 2 * MiB))).toBe(true)
    })

    test('keys that differ name different objects, and putting one again leaves one', async () => {
      const objects = await connect()
      const key = freshKey()
      const others = [`${key}A`, `${key}-`, `${key}.json.gz`, `${key}~1`]
      for (const [index, each] of others.entries()) await objects.put(each, bytesOf(String(index)))
      await Promise.all(Array.from({ length: 8 }, () => objects.put(key, bytesOf('same'))))
      expect(await objects.get(key, MiB)).toEqual(E.right(bytesOf('same')))
      for (const [index, each] of others.entries()) {
        expect(await objects.get(each, MiB)).toEqual(E.right(bytesOf(String(index))))
      }
    })

    test('bytes that change after they were put or got change nothing stored', async () => {
      const objects = await connect()
      const key = freshKey()
      const bytes = bytesOf('before')
      await objects.put(key, bytes)
      bytes.fill(0)
      const got = await objects.get(key, MiB)
      if (E.isRight(got)) got.right.fill(0)
      expect(await objects.get(key, MiB)).toEqual(E.right(bytesOf('before')))
    })

    test.each([
      ['nothing', ''],
      ['a way up', '../a'],
      ['a way up inside', 'a/../../b'],
      ['this directory', 'a/./b'],
      ['a name from the root', '/a'],
      ['an empty segment', 'a//b'],
      ['a folder', 'a/'],
      ['a hidden file', 'a/.b'],
      ['a backslash', 'a\\b'],
      ['a NUL', 'a\u0000b'],
      ['a space', 'a b'],
      ['a query', 'a?b=c'],
      ['an escape', 'a%2e%2e'],
      ['a letter beyond ASCII', 'ä'],
      ['a segment of 256 bytes', 'a'.repeat(256)],
      ['1,025 bytes', `${Array.from({ length: 5 }, () => 'a'.repeat(204)).join('/')}a`],
    ])('a key with %s is refused', async (_, key) => {
      const objects = await connect()
      await expect(objects.put(key, bytesOf('x'))).rejects.toThrow(InvalidObjectKey)
      await expect(objects.get(key, MiB)).rejects.toThrow(InvalidObjectKey)
    })

    if (away === null) return
    test('a storage that is away is a fault, and nothing is missing', async () => {
      const objects = await away()
      await expect(objects.put('acme/key', bytesOf('x'))).rejects.toThrow(ObjectStorageFault)
      await expect(objects.get('acme/key', MiB)).rejects.toThrow(ObjectStorageFault)
    })
  })
}
