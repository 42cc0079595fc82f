import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Commit, StoredEvent } from '../../../infra/event-store/port.ts'
import { memorySubjectKeys } from '../../../infra/privacy/memory.ts'
import { openingOf, sealEvent } from '../../../infra/privacy/private-events.ts'
import { pseudonymOf } from '../../../infra/privacy/sealed.ts'

const personal = new Map([['Met', { subject: 'who', fields: ['who', 'name', 'email'] }]])
const NOW = '2026-03-01T12:00:00.000Z'

const met = (data: unknown): StoredEvent => ({ type: 'Met', schemaVersion: 1, data })

const commitOf = (...events: ReadonlyArray<StoredEvent>): Commit => ({
  stream: { tenant: 'acme', type: 'meeting', id: '1' },
  version: 1,
  commitId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  commandId: 'c1',
  fingerprint: 'f'.repeat(64),
  time: NOW,
  actor: { subject: 'tester', roles: [] },
  correlationId: 'correlation',
  causationId: null,
  events,
  previousHash: '0'.repeat(64),
  hash: '0'.repeat(64),
})

const privately = () => {
  const keys = memorySubjectKeys()
  const privacy = { personal, keys }
  return {
    keys,
    seal: async (event: StoredEvent) => (await sealEvent(privacy, 'acme', event)).stored,
    open: async (...events: ReadonlyArray<StoredEvent>) =>
      (await openingOf(privacy).commit(commitOf(...events))).events,
  }
}

const text = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed())
const person = text.filter((value) => value !== '')
const meeting = fc.record(
  { who: person, name: fc.option(text), email: text, place: fc.jsonValue() },
  { requiredKeys: ['who'] },
)

test('what was sealed opens to the letter, and none of it shows while it is sealed', async () => {
  await fc.assert(
    fc.asyncProperty(meeting, async (data) => {
      const { seal, open } = privately()
      const stored = await seal(met(data))
      expect(await open(stored)).toEqual([met(data)])
      expect(stored.data).toMatchObject({ who: expect.stringMatching(/^pii1:[\w-]{22}:[\w-]+$/) })
      expect({ ...data, ...Object(stored.data) }.place).toEqual(data.place)
    }),
  )
})

test('once the key is destroyed, all of a person reads as one pseudonym, and others as before', async () => {
  await fc.assert(
    fc.asyncProperty(meeting, meeting, async (data, other) => {
      fc.pre(data.who !== other.who)
      const { keys, seal, open } = privately()
      const stored = [await seal(met(data)), await seal(met(other))]
      const { keyId } = await keys.keyOf('acme', data.who)
      await keys.destroy('acme', data.who, NOW)
      const name = pseudonymOf(keyId)
      expect(name).toMatch(/^erased-[0-9a-f]{16}$/)
      const texts = Object.entries(data).map(([field, value]) => [
        field,
        field !== 'place' && typeof value === 'string' ? name : value,
      ])
      expect(await open(...stored)).toEqual([met(Object.fromEntries(texts)), met(other)])
    }),
  )
})

describe('what is sealed', () => {
  test('is another text every time', async () => {
    const { seal } = privately()
    expect((await seal(met({ who: 'a' }))).data).not.toEqual((await seal(met({ who: 'a' }))).data)
  })

  test('opens nowhere but in its field, its type of event and its tenant', async () => {
    const { keys, seal, open } = privately()
    const { data } = await seal(met({ who: 'a', name: 'Ann' }))
    const { who, name }: { who?: unknown; name?: unknown } = Object(data)
    expect(await open(met({ who: name, name: who }))).toEqual([met({ who: name, name: who })])
    const elsewhere = openingOf({ personal, keys })
    const stream = { tenant: 'other', type: 'meeting', id: '1' }
    expect((await elsewhere.commit({ ...commitOf(met(data)), stream })).events).toEqual([met(data)])
  })

  test('stays closed when a bit of it was changed', async () => {
    const { seal, open } = privately()
    const { who }: { who?: string } = Object((await seal(met({ who: 'a' }))).data)
    const changed = met({ who: `${who?.slice(0, -6)}${who?.at(-6) === 'A' ? 'B' : 'A'}${who?.slice(-5)}` })
    expect(await open(changed)).toEqual([changed])
  })

  test('is a fault when its key is not there, not even destroyed', async () => {
    const stored = await privately().seal(met({ who: 'a' }))
    await expect(privately().open(stored)).rejects.toThrow('is not in the table of keys')
  })
})

describe('is left as it is', () => {
  test.each([
    ['an event about nobody', met({ who: null, name: 'Ann' })],
    ['an event of another type', { type: 'Left', schemaVersion: 1, data: { who: 'a' } }],
    ['a person who was forgotten', met({ who: 'erased-0123456789abcdef' })],
    ['what cannot be stored anyway', met({ who: '\ud800' })],
    ['what is no object', met(['a'])],
    [
      'what is no plain object',
      met(
        new (class Met {
          who = 'a'
        })(),
      ),
    ],
  ])('%s', async (_, event) => {
    const { seal, open } = privately()
    expect(await seal(event)).toBe(event)
    expect(await open(event)).toEqual([event])
  })

  test('what was stored before anything was sealed', async () => {
    const { open } = privately()
    expect(await open(met({ who: 'pii1 customer', name: 'pii1:' }))).toEqual([
      met({ who: 'pii1 customer', name: 'pii1:' }),
    ])
  })
})

test('whoever still knows the name of a person who was forgotten stores the pseudonym', async () => {
  const { keys, seal } = privately()
  const { keyId } = await keys.keyOf('acme', 'a')
  await keys.destroy('acme', 'a', NOW)
  const name = pseudonymOf(keyId)
  expect((await seal(met({ who: 'a', name: 'Ann', place: 'here' }))).data).toEqual({ who: name, name, place: 'here' })
})
