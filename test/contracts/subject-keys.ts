import { describe, expect, test } from 'vitest'
import type { SubjectKey, SubjectKeys } from '../../infra/privacy/port.ts'

let subjects = 0
const freshSubject = (): string => {
  subjects += 1
  return `subject ${subjects}-${process.pid}-${Date.now()}`
}

const secretOf = (key: SubjectKey | undefined): string =>
  key?._tag === 'Live' ? key.key.export().toString('hex') : `no key: ${key?._tag}`

const EARLY = '2026-03-01T12:00:00.000Z'
const LATE = '2026-03-02T12:00:00.000Z'

/** What every keeper of people's keys promises, whatever engine is behind it. `connect` gives another handle on the same data. */
export const subjectKeysContract = (name: string, connect: () => Promise<SubjectKeys>): void => {
  describe(`keys of people on ${name}`, () => {
    test('a person has one key, found by the person and by its id, through whatever handle', async () => {
      const subject = freshSubject()
      const key = await (await connect()).keyOf('acme', subject)
      const again = await (await connect()).keyOf('acme', subject)
      const byId = await (await connect()).byId([key.keyId])
      expect(secretOf(key)).toMatch(/^[0-9a-f]{64}$/)
      expect([again, byId.get(key.keyId)].map(secretOf)).toEqual([secretOf(key), secretOf(key)])
      expect(key.keyId).toMatch(/^[A-Za-z0-9_-]{22}$/)
    })

    test('people, and people of one name at two tenants, have different keys', async () => {
      const keys = await connect()
      const [one, other] = [freshSubject(), freshSubject()]
      const found = [await keys.keyOf('acme', one), await keys.keyOf('acme', other), await keys.keyOf('other', one)]
      expect(new Set(found.map(secretOf)).size).toBe(3)
      expect(new Set(found.map(({ keyId }) => keyId)).size).toBe(3)
    })

    test('those who need a key first at the same time get the same one', async () => {
      const subject = freshSubject()
      const handles = await Promise.all(Array.from({ length: 8 }, connect))
      const keys = await Promise.all(handles.map((handle) => handle.keyOf('acme', subject)))
      expect(new Set(keys.map(secretOf)).size).toBe(1)
    })

    test('many are read by their ids; ids that nobody has are left out', async () => {
      const handle = await connect()
      const made = await Promise.all(Array.from({ length: 120 }, () => handle.keyOf('acme', freshSubject())))
      const found = await (await connect()).byId([...made.map(({ keyId }) => keyId), 'nobody'])
      expect(found.size).toBe(120)
      expect(made.map(({ keyId }) => secretOf(found.get(keyId)))).toEqual(made.map(secretOf))
    })

    test('a key that is destroyed is gone for everybody, and the person never gets another', async () => {
      const subject = freshSubject()
      const { keyId } = await (await connect()).keyOf('acme', subject)
      const destroyed = { _tag: 'Destroyed', keyId, erasedAt: EARLY }
      expect(await (await connect()).destroy('acme', subject, EARLY)).toEqual(destroyed)
      const other = await connect()
      expect(await other.keyOf('acme', subject)).toEqual(destroyed)
      expect((await other.byId([keyId])).get(keyId)).toEqual(destroyed)
      expect(await other.destroy('acme', subject, LATE)).toEqual(destroyed)
    })

    test('nobody is forgotten who never was known', async () => {
      const subject = freshSubject()
      const keys = await connect()
      expect(await keys.destroy('acme', subject, EARLY)).toBeUndefined()
      expect((await keys.keyOf('acme', subject))._tag).toBe('Live')
    })

    test('a key that is made while it is destroyed ends as one: destroyed, or never there before', async () => {
      const subject = freshSubject()
      const [one, other] = [await connect(), await connect()]
      const [destroyed] = await Promise.all([one.destroy('acme', subject, EARLY), other.keyOf('acme', subject)])
      const now = await one.keyOf('acme', subject)
      expect(now._tag).toBe(destroyed === undefined ? 'Live' : 'Destroyed')
    })
  })
}
