import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Entry } from '../../../infra/event-store/read-in-time.ts'
import { ulidPrefix } from '../../../infra/ulids.ts'
import { NOTHING_WAITS, waitingOf } from '../../../infra/views/waiting.ts'

const stream = (id: string) => ({ tenant: 'acme', type: 'order', id })
const entry = (id: string, version: number, time: number): Entry => ({
  commitId: `${ulidPrefix(time)}${'0'.repeat(16)}`,
  stream: stream(id),
  version,
})

test('a commit waits that is behind its checkpoint, unless its stream is parked', async () => {
  const progress = new Map([
    ['held', { checkpoint: 2, parked: false }],
    ['behind', { checkpoint: 1, parked: false }],
    ['new', { checkpoint: 0, parked: false }],
    ['parked', { checkpoint: 0, parked: true }],
  ])
  const entries = [...progress.keys()].flatMap((id, nth) => [entry(id, 1, 10 + nth), entry(id, 2, 20 + nth)])
  const asked: string[] = []
  const waiting = await waitingOf(entries, async (streams) => {
    asked.push(...streams.map(({ id }) => id))
    return streams.map(({ id }) => progress.get(id) ?? { checkpoint: 0, parked: false })
  })
  expect(waiting).toEqual({ commits: 3, since: 12 })
  expect(asked).toEqual([...progress.keys()])
})

test('whatever was written and handled, it is what is left', async () => {
  const histories = fc.array(
    fc.record({ times: fc.array(fc.nat(1_000), { maxLength: 5 }), handled: fc.nat(5), parked: fc.boolean() }),
  )
  await fc.assert(
    fc.asyncProperty(histories, async (all) => {
      const entries = all.flatMap(({ times }, id) => times.map((time, at) => entry(`${id}`, at + 1, time)))
      const waiting = await waitingOf(entries, async (streams) =>
        streams.map(({ id }) => ({
          checkpoint: all[Number(id)]?.handled ?? 0,
          parked: all[Number(id)]?.parked === true,
        })),
      )
      const left = all.flatMap(({ times, handled, parked }) => (parked ? [] : times.slice(handled)))
      expect(waiting).toEqual(left.length === 0 ? NOTHING_WAITS : { commits: left.length, since: Math.min(...left) })
    }),
  )
})
