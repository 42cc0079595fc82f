import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { type SubjectDependencies, subjectOperations } from '../../commands/http/subjects.ts'
import { createApp } from '../../infra/http/app.ts'
import { silentLogger } from '../../infra/log/logger.ts'
import type { Erasure } from '../../infra/privacy/erase.ts'
import { Role } from '../../schemas/role.ts'

const SECRET = 'secret-customer-7f3a'

const FORGOTTEN = {
  keyId: 'A'.repeat(22),
  pseudonym: 'erased-0123456789abcdef',
  erasedAt: '2026-03-01T12:00:00.000Z',
  rows: 3,
  abandonedReplays: ['sales'],
}

const api = (erase: SubjectDependencies['erase'] = async () => E.right(FORGOTTEN)) => {
  const asked: Erasure[] = []
  const logged: unknown[] = []
  const app = createApp({
    operations: subjectOperations({
      erase: (erasure) => {
        asked.push(erasure)
        return erase(erasure)
      },
    }),
    authenticate: async (role) => E.right({ tenant: 'acme', subject: 'ann', roles: [role].filter(Role.is) }),
    newId: () => 'id-1',
    log: { ...silentLogger, error: (...line) => void logged.push(line) },
  })
  const post = async (role: string, body: unknown = { reason: 'asked for' }) => {
    const response = await app.request(`/v1/subjects/${SECRET}/erasure`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${role}` },
      body: JSON.stringify(body),
    })
    const answer: { readonly code?: string; readonly detail?: string } = Object(await response.json())
    return { status: response.status, answer }
  }
  return { asked, logged, post }
}

describe('a customer', () => {
  test('is forgotten for an admin, of the admin’s own tenant', async () => {
    const { asked, post } = api()
    expect(await post('admin')).toEqual({ status: 200, answer: FORGOTTEN })
    expect(asked).toMatchObject([
      { tenant: 'acme', subject: SECRET, reason: 'asked for', actor: { subject: 'ann', roles: ['admin'] } },
    ])
  })

  test.each(['sales', 'integration', 'auditor', 'finance', 'buyer'])('is not forgotten for %s', async (role) => {
    const { asked, post } = api()
    expect((await post(role)).status).toBe(403)
    expect(asked).toEqual([])
  })

  test('is not named in the reason, which is kept for ever; and there must be one', async () => {
    const { asked, post } = api()
    expect(await post('admin', { reason: `as ${SECRET} asked` })).toMatchObject({
      status: 422,
      answer: { code: 'reason_names_subject' },
    })
    expect(await post('admin', {})).toMatchObject({ status: 422, answer: { code: 'invalid_body' } })
    expect(asked).toEqual([])
  })

  test('whom nobody knows is not found; while a replay runs, it is said what to do', async () => {
    const unknown = api(async () => E.left({ _tag: 'UnknownSubject' }))
    expect(await unknown.post('admin')).toMatchObject({ status: 404, answer: { code: 'subject_not_found' } })
    const running = api(async () => E.left({ _tag: 'ReplayRunning', message: 'another replay of sales is running' }))
    expect(await running.post('admin')).toMatchObject({
      status: 409,
      answer: { code: 'replay_running', detail: 'another replay of sales is running; then erase again.' },
    })
  })

  test('is not named in the log when forgetting breaks', async () => {
    const { logged, post } = api(async () => {
      throw new Error('away')
    })
    expect((await post('admin')).status).toBe(500)
    expect(JSON.stringify(logged)).toContain('/v1/subjects/:id/erasure')
    expect(JSON.stringify(logged)).not.toContain(SECRET)
  })
})
