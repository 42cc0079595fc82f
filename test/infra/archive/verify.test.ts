import { expect, test } from 'vitest'
import { archiveIn } from '../../../infra/archive/archive.ts'
import { manifestKeyOf } from '../../../infra/archive/keys.ts'
import { verifyArchive } from '../../../infra/archive/verify.ts'
import { jcs } from '../../../infra/event-store/canonical.ts'
import { memoryObjects } from '../../../infra/objects/memory.ts'
import type { ConditionalObjects } from '../../../infra/objects/port.ts'
import { commitsOf, MINUTE, storeOf } from './commits-in-time.ts'
import { manifestsOf } from './reading.ts'

const nothing = (): void => {}

const archived = async (...left: ReadonlyArray<number>): Promise<ConditionalObjects> => {
  const objects = memoryObjects()
  const commits = (await commitsOf(9)).filter((_, index) => !left.includes(index))
  for (const commit of commits) await archiveIn(objects).add([commit])
  return objects
}

test('an intact archive has no faults', async () => {
  let seen = 0
  const count = (): void => {
    seen += 1
  }
  expect(await verifyArchive(await archived(), count)).toEqual({
    hours: 3,
    commits: 9,
    streams: 3,
    faults: 0,
    examples: [],
  })
  expect(seen).toBe(9)
})

test('a commit that never came shows in the chain of its stream', async () => {
  expect(await verifyArchive(await archived(3), nothing)).toMatchObject({
    commits: 8,
    faults: 1,
    examples: ['commit acme/order/a1@3 does not follow version 1 of its stream'],
  })
  expect(await verifyArchive(await archived(0, 4), nothing)).toMatchObject({ faults: 2 })
})

test('a commit of another history does not fit its stream', async () => {
  const objects = await archived()
  const steps = Array.from({ length: 12 }, (_, index) => ({
    stream: ['a1', 'b1', 'a2'][index % 3] ?? '',
    afterMs: 10 * MINUTE,
    data: 'another',
  }))
  await archiveIn(objects).add((await storeOf(steps)).commits.slice(-1))
  expect(await verifyArchive(objects, nothing)).toMatchObject({
    faults: 1,
    examples: ['commit acme/order/a2@4 does not name the hash of the commit before it'],
  })
})

test('verifying goes on behind a fault, and names each', async () => {
  const objects = await archived()
  const [first, second] = await manifestsOf(objects)
  const lost = first?.parts[1]?.key ?? ''
  await objects.put(lost, new Uint8Array([1]))
  await objects.put(second?.parts[0]?.key ?? '', new Uint8Array([2]))
  const { commits, faults, examples } = await verifyArchive(objects, nothing)
  expect(commits).toBe(7)
  expect(examples[0]).toBe(`object ${lost} of the archive has 1 bytes instead of ${first?.parts[1]?.size}`)
  // Two objects, and the two streams whose next commits have lost the ones before.
  expect(faults).toBe(4)
})

test('without a manifest the rest is verified all the same', async () => {
  const objects = await archived()
  const key = manifestKeyOf('2026-01-01T01')
  await objects.put(key, Buffer.from(jcs({ format: 1, hour: 'x' })))
  const { commits, examples } = await verifyArchive(objects, nothing)
  expect(commits).toBeGreaterThan(0)
  expect(examples[0]).toContain(`object ${key} of the archive is not what it should be: /parts`)
})

test('of many faults some are shown and all are counted', async () => {
  const objects = memoryObjects()
  const commits = (await commitsOf(90)).filter((_, index) => Math.floor(index / 3) % 2 === 1)
  await archiveIn(objects).add(commits)
  const { faults, examples } = await verifyArchive(objects, nothing)
  expect([faults, examples.length]).toEqual([45, 20])
})

test('where nothing was archived there is nothing to verify, which is a fault', async () => {
  await expect(verifyArchive(memoryObjects(), nothing)).rejects.toThrow(
    'object archive/hours.json of the archive is missing',
  )
})
