import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { type ConditionalObjects, InvalidObjectKey, ObjectStorageFault } from '../../infra/objects/port.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const LIMIT = 1_000

let keys = 0
const freshKey = (): string => {
  keys += 1
  return `changing/${process.pid}/key-${keys}`
}

const found = async (
  objects: ConditionalObjects,
  key: string,
): Promise<{ readonly text: string; readonly tag: string }> => {
  const got = await objects.getTagged(key, LIMIT)
  if (E.isLeft(got)) throw new Error(`${key}: ${got.left._tag}`)
  return { text: new TextDecoder().decode(got.right.bytes), tag: got.right.tag }
}

/** What every storage with compare-and-swap keeps, beside the contract of objects; arguments as there. */
export const conditionalObjectsContract = (
  name: string,
  connect: () => Promise<ConditionalObjects>,
  away: (() => Promise<ConditionalObjects>) | null,
): void => {
  describe(`compare-and-swap in ${name}`, () => {
    test('an object is created once', async () => {
      const [one, other] = [await connect(), await connect()]
      const key = freshKey()
      expect(await one.putIf(key, null, bytesOf('first'))).toBe(true)
      expect(await other.putIf(key, null, bytesOf('second'))).toBe(false)
      expect((await found(other, key)).text).toBe('first')
    })

    test('an object is changed by whoever has seen its present bytes, and by nobody else', async () => {
      const [one, other] = [await connect(), await connect()]
      const key = freshKey()
      await one.putIf(key, null, bytesOf('a'))
      const { tag } = await found(other, key)
      expect(await other.putIf(key, tag, bytesOf('b'))).toBe(true)
      expect(await one.putIf(key, tag, bytesOf('c'))).toBe(false)
      expect((await found(one, key)).text).toBe('b')
    })

    test('an object that is not there has no tag to match', async () => {
      const objects = await connect()
      const [key, other] = [freshKey(), freshKey()]
      await objects.putIf(other, null, bytesOf('a'))
      const { tag } = await found(objects, other)
      expect(await objects.putIf(key, tag, bytesOf('b'))).toBe(false)
      expect(await objects.getTagged(key, LIMIT)).toEqual(E.left({ _tag: 'ObjectMissing', key }))
    })

    test('an object that is longer than its reader allows is not read', async () => {
      const objects = await connect()
      const key = freshKey()
      await objects.putIf(key, null, new Uint8Array(LIMIT + 1))
      const tooLarge = E.left({ _tag: 'ObjectTooLarge', size: LIMIT + 1, limit: LIMIT })
      expect(await objects.getTagged(key, LIMIT)).toEqual(tooLarge)
    })

    test('a key that is none is refused', async () => {
      const objects = await connect()
      await expect(objects.putIf('../a', null, bytesOf('x'))).rejects.toThrow(InvalidObjectKey)
      await expect(objects.getTagged('../a', LIMIT)).rejects.toThrow(InvalidObjectKey)
    })

    if (away === null) return
    test('a storage that is away is a fault, not somebody who was faster', async () => {
      const objects = await away()
      await expect(objects.putIf('changing/key', null, bytesOf('x'))).rejects.toThrow(ObjectStorageFault)
      await expect(objects.putIf('changing/key', 'tag', bytesOf('x'))).rejects.toThrow(ObjectStorageFault)
      await expect(objects.getTagged('changing/key', LIMIT)).rejects.toThrow(ObjectStorageFault)
    })
  })
}

/**
 * What holds between those who change an object at the same time. Not for S3Mock 4.11.0: it looks and creates in two steps, and cuts
 * off an answer whose object is just being changed. S3 itself promises both ("Conditional writes", Amazon S3 User Guide).
 */
export const racingObjectsContract = (name: string, connect: () => Promise<ConditionalObjects>): void => {
  describe(`racing in ${name}`, () => {
    test('of many that change it at once none is lost', async () => {
      const key = freshKey()
      await (await connect()).putIf(key, null, bytesOf(''))
      const add = async (letter: string): Promise<void> => {
        const objects = await connect()
        for (;;) {
          const { text, tag } = await found(objects, key)
          if (await objects.putIf(key, tag, bytesOf(text + letter))) return
        }
      }
      const letters = [...'abcdefghij']
      await Promise.all(letters.map(add))
      expect([...(await found(await connect(), key)).text].toSorted()).toEqual(letters)
    })

    test('of many that create it at once one does', async () => {
      const handles = await Promise.all(Array.from({ length: 8 }, connect))
      const key = freshKey()
      const created = await Promise.all(handles.map((objects, index) => objects.putIf(key, null, bytesOf(`${index}`))))
      expect(created.filter(Boolean)).toHaveLength(1)
      expect((await found(await connect(), key)).text).toBe(String(created.indexOf(true)))
    })
  })
}
