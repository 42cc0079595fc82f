import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { InvalidDraft } from '../../infra/event-store/port.ts'
import { commandApi } from './api.ts'

const order = { currency: 'GBP', lines: [{ sku: '1', quantity: 1, unitPrice: { amount: '1', currency: 'GBP' } }] }

test('a command that is too large for the store is told its size, the limit and what to do', async () => {
  const { post } = commandApi({
    append: async () => E.left({ _tag: 'CommitTooLarge', size: 9_000_000, limit: 8_388_608 }),
  })
  const { status, body } = await post('/v1/orders', order)
  expect(status).toBe(422)
  expect(body.code).toBe('commit_too_large')
  expect(body.detail).toMatch(/9000000 bytes.*8388608.*Nothing was recorded.*split it into several requests/)
})

test('events that cannot be stored are our own defect: the command is not tried again, and nothing of it is told', async () => {
  let tries = 0
  const { post } = commandApi({
    append: async ({ stream }) => {
      tries += 1
      throw new InvalidDraft(stream, '/events/0/data/total', 'is NaN, which JSON cannot carry')
    },
  })
  const { status, body } = await post('/v1/orders', order)
  expect({ status, code: body.code, tries }).toEqual({ status: 500, code: 'internal_error', tries: 1 })
  expect(JSON.stringify(body)).not.toContain('total')
})
