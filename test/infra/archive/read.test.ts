import { gunzipSync, gzipSync } from 'node:zlib'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { archiveIn } from '../../../infra/archive/archive.ts'
import type { Manifest, Part } from '../../../infra/archive/documents.ts'
import { CorruptArchive } from '../../../infra/archive/fault.ts'
import { HOURS_KEY, manifestKeyOf } from '../../../infra/archive/keys.ts'
import { merged } from '../../../infra/archive/merge.ts'
import { openPart } from '../../../infra/archive/part.ts'
import { readArchive } from '../../../infra/archive/read.ts'
import { jcs } from '../../../infra/event-store/canonical.ts'
import { memoryObjects } from '../../../infra/objects/memory.ts'
import type { ConditionalObjects } from '../../../infra/objects/port.ts'
import { commitsOf } from './commits-in-time.ts'
import { listedLines, manifestsOf, readAll } from './reading.ts'

/** Nine commits in three hours, in parts of two that overlap. */
const archived = async () => {
  const objects = memoryObjects()
  const commits = await commitsOf(9)
  const at = (...indexes: ReadonlyArray<number>) => commits.filter((_, index) => indexes.includes(index))
  for (const batch of [at(2, 5), at(3, 4, 6), at(0, 1, 7, 8)]) await archiveIn(objects).add(batch)
  return { objects, commits }
}

/** Somebody alters what is stored, past the archive. */
const overwrite = async (objects: ConditionalObjects, key: string, change: (bytes: Buffer) => Uint8Array) => {
  const got = await objects.get(key, 1_000_000)
  if (E.isLeft(got)) throw new Error(`no object ${key}`)
  await objects.put(key, change(Buffer.from(got.right)))
}

const without = (objects: ConditionalObjects, missing: string): ConditionalObjects => ({
  ...objects,
  get: async (key, limit) => (key === missing ? E.left({ _tag: 'ObjectMissing', key }) : objects.get(key, limit)),
  getTagged: async (key, limit) =>
    key === missing ? E.left({ _tag: 'ObjectMissing', key }) : objects.getTagged(key, limit),
})

const faultOf = async (objects: ConditionalObjects): Promise<CorruptArchive> => {
  try {
    await readAll(objects)
  } catch (error) {
    if (error instanceof CorruptArchive) return error
    throw error
  }
  throw new Error('nothing was noticed')
}

test('parts that overlap are read in order of commit ids, across hours', async () => {
  const { objects, commits } = await archived()
  expect(await readAll(objects)).toEqual(commits)
  expect(await listedLines(objects)).toBe(9)
})

test('a range is half open, and hours and parts outside it are not read', async () => {
  const { objects, commits } = await archived()
  const gets: string[] = []
  const watching: ConditionalObjects = {
    ...objects,
    get: (key, limit) => {
      gets.push(key)
      return objects.get(key, limit)
    },
  }
  const timeOf = (index: number): Date => new Date(commits[index]?.time ?? '')
  for (let from = 0; from < 9; from += 1) {
    for (let to = from; to < 9; to += 1) {
      expect(await readAll(watching, { from: timeOf(from), to: timeOf(to) })).toEqual(commits.slice(from, to))
    }
  }
  gets.length = 0
  expect(await readAll(watching, { from: timeOf(8) })).toEqual(commits.slice(8))
  expect(gets).toHaveLength(1)
})

test('parts that do not overlap are held one at a time', async () => {
  const objects = memoryObjects()
  const commits = (await commitsOf(30)).filter(({ time }) => time.startsWith('2026-01-01T02'))
  for (const commit of commits) await archiveIn(objects).add([commit])
  const parts = (await manifestsOf(objects)).flatMap((manifest) => manifest.parts)
  const open = new Set<string>()
  let most = 0
  const opening = async function* (part: Part) {
    open.add(part.key)
    most = Math.max(most, open.size)
    yield* await openPart(objects, part)
    open.delete(part.key)
  }
  expect(await Array.fromAsync(merged(parts, opening))).toEqual(commits)
  expect([parts.length, most]).toEqual([commits.length, 1])
})

test('what is added meanwhile disturbs no reading', async () => {
  const { objects, commits } = await archived()
  const later = await commitsOf(40)
  const seen: string[] = []
  for await (const { commitId } of readArchive(objects)) {
    seen.push(commitId)
    if (seen.length === 1) await archiveIn(objects).add(later)
  }
  expect(seen.slice(0, 2)).toEqual(commits.slice(0, 2).map(({ commitId }) => commitId))
  expect(new Set(seen).size).toBe(seen.length)
  expect(await readAll(objects)).toEqual(later)
})

describe('tampering is noticed, and the object named', () => {
  test.each<[string, (bytes: Buffer) => Uint8Array, RegExp]>([
    ['one bit', (bytes) => bytes.fill((bytes[30] ?? 0) ^ 1, 30, 31), /SHA-256 differs/],
    ['its end cut off', (bytes) => bytes.subarray(0, -1), /bytes instead of/],
    ['one byte more', (bytes) => Buffer.concat([bytes, Buffer.from([0])]), /bytes instead of/],
    [
      'another text, well packed',
      (bytes) => gzipSync(gunzipSync(bytes).toString().replace('sales', 'admin')),
      /instead of|SHA-256/,
    ],
  ])('a part with %s', async (_, change, words) => {
    const { objects } = await archived()
    for (const { parts } of await manifestsOf(objects)) {
      for (const { key } of parts) {
        const { objects: altered } = await archived()
        await overwrite(altered, key, change)
        const fault = await faultOf(altered)
        expect(fault.object).toBe(key)
        expect(fault.message).toMatch(words)
      }
    }
  })

  test('any object that is missing', async () => {
    const { objects, commits } = await archived()
    const listed = (await manifestsOf(objects)).flatMap(({ hour, parts }) => [
      manifestKeyOf(hour),
      ...parts.map(({ key }) => key),
    ])
    for (const key of [HOURS_KEY, ...listed]) {
      const fault = await faultOf(without(objects, key))
      expect([fault.object, fault.message]).toEqual([key, `object ${key} of the archive is missing`])
    }
    expect(await readAll(objects)).toEqual(commits)
  })

  const HOUR = '2026-01-01T01'
  type Change = (manifest: Manifest, part: Part) => unknown
  test.each<[string, Change, RegExp]>([
    ['of another hour', (manifest) => ({ ...manifest, hour: '2026-01-01T02' }), /another hour/],
    ['of another format', (manifest) => ({ ...manifest, format: 2 }), /\/format/],
    ['that lists a part twice', (manifest, part) => ({ ...manifest, parts: [part, part] }), /twice/],
    ['in another order', (manifest) => ({ ...manifest, parts: manifest.parts.toReversed() }), /not in order/],
    [
      'with a foreign key',
      (manifest, part) => ({ ...manifest, parts: [{ ...part, key: '../x' }] }),
      /no part of its hour/,
    ],
    [
      'with a foreign first id',
      (manifest, part) => ({ ...manifest, parts: [{ ...part, first: '../../x' }] }),
      /no part/,
    ],
    [
      'with an id of another hour',
      (manifest, part) => ({ ...manifest, parts: [{ ...part, last: 'Z'.repeat(26) }] }),
      /no part/,
    ],
  ])('a manifest %s', async (_, change, words) => {
    const { objects } = await archived()
    const manifest = (await manifestsOf(objects)).find(({ hour }) => hour === HOUR)
    const [part] = manifest?.parts ?? []
    if (manifest === undefined || part === undefined) throw new Error('no such hour')
    await overwrite(objects, manifestKeyOf(HOUR), () => Buffer.from(jcs(change(manifest, part))))
    const fault = await faultOf(objects)
    expect(fault.object).toBe(manifestKeyOf(HOUR))
    expect(fault.message).toMatch(words)
  })

  test.each<[string, (part: Part) => Part]>([
    ['too many commits', (part) => ({ ...part, commits: 99 })],
    ['a commit too few', (part) => ({ ...part, commits: 1 })],
    ['another last commit', (part) => ({ ...part, last: `${part.last.slice(0, -1)}Z` })],
  ])('a manifest that promises %s of a part', async (_, promise) => {
    const { objects } = await archived()
    const manifest = (await manifestsOf(objects)).find(({ hour }) => hour === HOUR)
    const [part, ...others] = manifest?.parts ?? []
    if (part === undefined) throw new Error('no such part')
    const parts = [promise(part), ...others]
    await overwrite(objects, manifestKeyOf(HOUR), () => Buffer.from(jcs({ ...manifest, parts })))
    expect((await faultOf(objects)).object).toBe(part.key)
  })

  test.each([
    ['no JSON', '{', /not JSON/],
    ['hours that are none', '{"format":1,"hours":["../../etc"]}', /hour that is none/],
    ['hours out of order', '{"format":1,"hours":["2026-01-01T01","2026-01-01T00"]}', /not in order/],
  ])('a list of hours with %s', async (_, text, words) => {
    const { objects } = await archived()
    await overwrite(objects, HOURS_KEY, () => Buffer.from(text))
    const fault = await faultOf(objects)
    expect(fault.object).toBe(HOURS_KEY)
    expect(fault.message).toMatch(words)
  })
})

test('a part whose commit was altered before it was hashed fails by the commit', async () => {
  const { objects } = await archived()
  const commits = await readAll(objects)
  const forged = commits.map((commit) => ({ ...commit, actor: { ...commit.actor, subject: 'somebody else' } }))
  const fake = memoryObjects()
  await archiveIn(fake).add(forged)
  const fault = await faultOf(fake)
  expect(fault.message).toContain(`line 1 that does not match its own hash (commit ${commits[0]?.commitId})`)
})
