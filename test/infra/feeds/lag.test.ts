import * as fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { type Mapping, startMapping } from '../../../infra/feeds/mapping.ts'
import type { MappingConfig } from '../../../infra/feeds/mapping-config.ts'
import type { ReadRequest } from '../../../infra/feeds/port.ts'
import { type Delivered, eventually, mappingOf } from './mapping-under-test.ts'
import { type MemorySource, memorySource } from './memory-source.ts'

const running: Mapping[] = []
const start = (config: Parameters<typeof mappingOf<number>>[0]): Mapping => {
  const mapping = startMapping(mappingOf({ lookAheadEveryMs: 1, ...config }))
  running.push(mapping)
  return mapping
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((mapping) => mapping.stop()))
})

const upTo = (count: number): ReadonlyArray<number> => Array.from({ length: count }, (_, index) => index + 1)

const sourceWith = (count: number): MemorySource<number> => {
  const source = memorySource<number>()
  source.add('a')
  source.append('a', ...upTo(count))
  return source
}

const waiting = (mapping: Mapping): number => {
  const { pending, unread } = mapping.status()
  return pending + unread
}

/** A handler that waits for `open`. */
const gated = () => {
  const gate = Promise.withResolvers<void>()
  const handler: MappingConfig<number, Delivered<number>>['handler'] = () => gate.promise
  return { handler, open: () => gate.resolve() }
}

test('while the handler stands still, every record that waits is counted, also those that come later; then none', async () => {
  let now = 1_000
  const source = sourceWith(2_345)
  const { handler, open } = gated()
  const mapping = start({ source, handler, clock: () => now })
  await eventually(() => waiting(mapping) === 2_345 && !mapping.status().moreUnread)
  expect(mapping.status()).toMatchObject({ pending: 10, unread: 2_335, lagMs: 1_000 })
  source.append('a', ...upTo(55))
  now = 61_000
  await eventually(() => waiting(mapping) === 2_400)
  expect(mapping.status().lagMs).toBe(61_000)
  open()
  await eventually(mapping.idle)
  expect(mapping.status()).toMatchObject({ pending: 0, unread: 0, moreUnread: false, lagMs: 0, handled: 2_400 })
})

test('while the handler fails, the same holds', async () => {
  let away = true
  const handler = async (): Promise<void> => {
    if (away) throw new Error('the view is away')
  }
  const source = sourceWith(3)
  const mapping = start({ source, handler })
  await eventually(() => mapping.status().lastError !== null)
  source.append('a', ...upTo(500))
  await eventually(() => waiting(mapping) === 503 && !mapping.status().moreUnread)
  away = false
  await eventually(mapping.idle)
  expect(waiting(mapping)).toBe(0)
})

test('as long as a record waits, neither count nor lag is zero; nothing is counted that does not wait', async () => {
  const chunks = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(chunks, fc.integer({ min: 1, max: 15 }), async (appended, batchSize) => {
      const source = sourceWith(batchSize)
      let total = batchSize
      let handled = 0
      const faults: string[] = []
      const look = (): void => {
        const status = mapping.status()
        const count = status.pending + status.unread
        const open = total - handled
        if (count > open) faults.push(`${count} of ${open}`)
        if (status.pending > 0 && status.lagMs === 0) faults.push(`no lag with ${open} open`)
        if (status.unread > 0 && status.lagMs === 0) faults.push(`no lag with ${status.unread} unread`)
      }
      const handler = async (delivered: Delivered<number>): Promise<void> => {
        look()
        const more = appended.shift()
        if (more !== undefined) {
          source.append('a', ...upTo(more))
          total += more
          // Two looks at the most, and whatever was appended is counted.
          await eventually(() => waiting(mapping) === total - handled)
        }
        look()
        handled += delivered.records.length
      }
      const mapping = start({ source, handler, batchSize, clock: () => 1 })
      await eventually(() => handled === total && mapping.idle())
      await mapping.stop()
      expect(faults).toEqual([])
      expect(mapping.status()).toMatchObject({ pending: 0, unread: 0, lagMs: 0, moreUnread: false })
    }),
    { numRuns: 30 },
  )
})

/** Notes the requests of those that look ahead: they ask for more than a batch. */
const noting = (source: MemorySource<number>) => {
  const looks: ReadRequest[] = []
  const read: typeof source.read = (request) => {
    if (request.limit > 10) looks.push(request)
    return source.read(request)
  }
  return { looks, source: { ...source, read } }
}

test('no record is counted twice, and at the end of a shard nobody looks', async () => {
  const { looks, source } = noting(sourceWith(2_500))
  const { handler, open } = gated()
  const mapping = start({ source, handler })
  await eventually(() => waiting(mapping) === 2_500 && looks.length > 5)
  const from = looks.map(({ after }) => after)
  expect(from.slice(0, 4)).toEqual(['10', '1010', '2010', '2500'])
  expect(new Set(from).size).toBe(4)
  open()
  await eventually(mapping.idle)
  const before = looks.length
  await new Promise((resume) => setTimeout(resume, 30))
  expect(looks.length).toBe(before)
})

test('a look that was overtaken while it was on its way counts nothing', async () => {
  const { looks, source } = noting(sourceWith(30))
  const answer = Promise.withResolvers<void>()
  const slow: typeof source = {
    ...source,
    read: async (request) => {
      const page = await source.read(request)
      if (request.limit > 10) await answer.promise
      return page
    },
  }
  const { handler, open } = gated()
  // Another read at the shard's end would set it right again.
  const mapping = start({ source: slow, handler, poll: { minimumMs: 3_600_000, maximumMs: 3_600_000 } })
  await eventually(() => looks.length === 1)
  open()
  await eventually(mapping.idle)
  answer.resolve()
  await new Promise((resume) => setTimeout(resume, 20))
  expect(mapping.status()).toMatchObject({ unread: 0, moreUnread: false, lagMs: 0 })
})

test('what waits unread has a lag even while nothing is being handled, because the stream is slow', async () => {
  const source = sourceWith(30)
  const next = Promise.withResolvers<void>()
  const slow: typeof source = {
    ...source,
    read: async (request) => {
      if (request.after === '10' && request.limit === 10) await next.promise
      return source.read(request)
    },
  }
  const { handler, open } = gated()
  const mapping = start({ source: slow, handler, clock: () => 4_000 })
  await eventually(() => mapping.status().unread === 20)
  open()
  await eventually(() => mapping.status().pending === 0)
  expect(mapping.status()).toMatchObject({ handled: 10, unread: 20, lagMs: 4_000 })
  next.resolve()
  await eventually(mapping.idle)
  expect(mapping.status()).toMatchObject({ handled: 30, unread: 0, lagMs: 0 })
})

test('what is very far behind is said to be at least so far', async () => {
  const source = sourceWith(100_000)
  source.append('a', ...upTo(3_000))
  const { handler, open } = gated()
  const mapping = start({ source, handler })
  await eventually(() => mapping.status().unread >= 100_000)
  expect(mapping.status()).toMatchObject({ unread: 100_000, moreUnread: true })
  open()
})

test('while a stream cannot be read, or has shards that are not read yet, more may wait', async () => {
  const source = sourceWith(1)
  let away = true
  const faltering: typeof source = {
    ...source,
    read: (request) => (away ? Promise.reject(new Error('the stream is away')) : source.read(request)),
  }
  const { handler, open } = gated()
  const mapping = start({ source: faltering, handler, listShardsEveryMs: 5 })
  expect(mapping.status().moreUnread).toBe(true)
  away = false
  await eventually(() => !mapping.status().moreUnread)
  source.add('child', 'a')
  source.append('child', 2)
  await eventually(() => mapping.status().moreUnread)
  source.close('a')
  open()
  await eventually(() => mapping.status().handled === 2 && mapping.idle())
  expect(mapping.status().moreUnread).toBe(false)
  away = true
  await eventually(() => mapping.status().moreUnread)
})
