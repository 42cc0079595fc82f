import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { memoryEventStore } from '../../../infra/event-store/memory.ts'
import { type EraseDependencies, eraseSubject } from '../../../infra/privacy/erase.ts'
import { memorySubjectKeys } from '../../../infra/privacy/memory.ts'
import { RebuildRefused } from '../../../infra/rebuild/refusal.ts'
import { testStamp } from '../event-store/stamp.ts'

const ERASURE = {
  tenant: 'acme',
  subject: 'secret-customer-7f3a',
  reason: 'asked for',
  actor: { subject: 'ann', roles: ['admin'] },
  correlationId: 'correlation',
  causationId: null,
}

const PURGED = { rows: 3, abandonedReplays: [] }

const erasing = (more: Partial<EraseDependencies> = {}) => {
  const [keys, store] = [memorySubjectKeys(), memoryEventStore(testStamp)]
  const done: string[] = []
  const noted = (what: string) => () => void done.push(what)
  const erase = eraseSubject({
    keys: { destroy: (...of) => keys.destroy(...of).finally(noted('destroy')) },
    events: { ...store, append: (...of) => store.append(...of).finally(noted('append')) },
    clock: () => new Date('2026-03-01T12:00:00.000Z'),
    settle: async () => noted('settle')(),
    forget: noted('forget'),
    purge: async () => {
      noted('purge')()
      return PURGED
    },
    ...more,
  })
  return { keys, store, done, erase: () => erase(ERASURE) }
}

test('first the key goes, and only when nobody uses it any more are names replaced', async () => {
  const { keys, store, done, erase } = erasing()
  const { keyId } = await keys.keyOf('acme', ERASURE.subject)
  const erased = await erase()
  expect(erased).toMatchObject(E.right({ keyId, erasedAt: '2026-03-01T12:00:00.000Z', ...PURGED }))
  expect(done).toEqual(['destroy', 'append', 'settle', 'forget', 'purge'])
  expect(store.commits()).toMatchObject([
    {
      stream: { tenant: 'acme', type: 'subject', id: keyId },
      events: [{ type: 'SubjectErased', data: { keyId, reason: 'asked for' } }],
      actor: { subject: 'ann' },
    },
  ])
  expect(JSON.stringify(store.commits())).not.toContain(ERASURE.subject)
})

test('of somebody who never had a key nothing happens', async () => {
  const { store, done, erase } = erasing()
  expect(await erase()).toEqual(E.left({ _tag: 'UnknownSubject' }))
  expect([store.commits(), done]).toEqual([[], ['destroy']])
})

test('what a crash left undone is done the next time, and recorded once', async () => {
  let purges = 0
  const { keys, store, erase } = erasing({
    purge: async () => {
      purges += 1
      if (purges === 1) throw new Error('away')
      if (purges === 2) throw new RebuildRefused('another replay of sales is running')
      return PURGED
    },
  })
  await keys.keyOf('acme', ERASURE.subject)
  await expect(erase()).rejects.toThrow('away')
  expect(await erase()).toEqual(E.left({ _tag: 'ReplayRunning', message: 'another replay of sales is running' }))
  expect(await erase()).toMatchObject(E.right(PURGED))
  expect(store.commits()).toHaveLength(1)
})
