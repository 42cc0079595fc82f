import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { lineOf } from '../../../infra/archive/line.ts'
import { temporaryDir } from '../local/temporary-dir.ts'
import { GENESIS, TENANT, trailInMemory } from './trail.ts'

const HOUR = 3_600_000

const linesOf = (dir: string, name: string): ReadonlyArray<string> => {
  const bytes = readFileSync(join(dir, name))
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n').slice(0, -1)
}

/** Three hours with commits, one without. */
const busyTrail = async () => {
  const trail = trailInMemory()
  for (let index = 0; index < 5; index += 1) await trail.append({ stream: `order/${index}` })
  trail.advance(HOUR)
  for (let index = 0; index < 7; index += 1) await trail.append({ stream: 'order/1', subject: 'bob' })
  trail.advance(2 * HOUR)
  await trail.append({ stream: 'invoice/1', correlationId: 'request-9' })
  await trail.append({ stream: 'order/2', events: [{ type: 'Told', schemaVersion: 1, data: {} }] })
  return trail
}

describe('an export', () => {
  test('holds every commit in order, and verifies', async () => {
    const trail = await busyTrail()
    const { dir, manifest } = await trail.export()
    expect(linesOf(dir, 'commits.jsonl')).toEqual(trail.stored.map(lineOf))
    expect(manifest).toMatchObject({ tenant: TENANT, commits: 14, events: 14, filter: {} })
    expect(linesOf(dir, 'digests.jsonl').map((line) => JSON.parse(line).body.commits)).toEqual([5, 7, 0, 2])
    expect(await trail.verify(dir)).toMatchObject({ findings: [], manifest: { commits: 14 } })
  })

  test.each([
    { name: 'an actor', filter: { actor: 'bob' }, commits: 7 },
    { name: 'a stream', filter: { stream: 'order/2' }, commits: 2 },
    { name: 'a type', filter: { type: 'Told' }, commits: 1 },
    { name: 'a correlation', filter: { correlation: 'request-9' }, commits: 1 },
    { name: 'what nobody did', filter: { actor: 'nobody' }, commits: 0 },
  ])('of $name holds that alone, with proofs', async ({ filter, commits }) => {
    const trail = await busyTrail()
    const { dir, manifest } = await trail.export({ filter })
    expect(manifest.commits).toBe(commits)
    expect((await trail.verify(dir)).findings).toEqual([])
  })

  test('of a part of the time begins and ends within windows', async () => {
    const trail = await busyTrail()
    const { dir, manifest } = await trail.export({ from: new Date(GENESIS + 2), to: new Date(GENESIS + HOUR + 7) })
    expect(manifest.commits).toBe(5)
    expect((await trail.verify(dir)).findings).toEqual([])
  })

  test('of a tenant without commits is empty, and verifies', async () => {
    const trail = trailInMemory()
    const { dir, manifest } = await trail.export({ tenant: 'nobody' })
    expect(manifest).toMatchObject({ commits: 0, events: 0 })
    expect((await trail.verify(dir)).findings).toEqual([])
  })

  test('verifies by the newest key and by the oldest after rotations', async () => {
    const trail = await busyTrail()
    await trail.export()
    const oldest = trail.publicKey()
    await trail.keys.rotate()
    trail.advance(HOUR)
    await trail.append()
    const { dir } = await trail.export()
    expect(trail.publicKey()).not.toBe(oldest)
    expect((await trail.verify(dir)).findings).toEqual([])
    const { verifyExport } = await import('../../../infra/audit/verify/export.ts')
    expect((await verifyExport(dir, oldest)).findings).toEqual([])
    expect((await verifyExport(dir, trailInMemory().keys && (await strangersKey()))).findings).toMatchObject([
      { kind: 'key' },
    ])
  })

  test('goes into no directory that holds anything, and leaves none behind when it fails', async () => {
    const trail = await busyTrail()
    const dir = join(temporaryDir(), 'used')
    mkdirSync(dir)
    writeFileSync(join(dir, 'mine'), '')
    await expect(trail.export({ dir })).rejects.toThrow('is not empty')
    expect(readdirSync(dir)).toEqual(['mine'])
    const [second] = trail.stored.splice(1, 1)
    const other = join(temporaryDir(), 'other')
    await trail.export()
    trail.stored.splice(2, 1)
    await expect(trail.export({ dir: other })).rejects.toThrow('audit verify --live')
    expect(readdirSync(join(other, '..'))).toEqual([])
    expect(second).toBeDefined()
  })
})

const strangersKey = async (): Promise<string> => {
  const stranger = trailInMemory()
  await stranger.keys.signer()
  return stranger.publicKey()
}
