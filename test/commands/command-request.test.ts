import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { commandRequest } from '../../commands/command-request.ts'
import { executeCommand } from '../../commands/execute-command.ts'
import { memoryEventStore } from '../../infra/event-store/memory.ts'
import { testStamp } from '../infra/event-store/stamp.ts'
import { counter } from './counter.ts'

const executing = () => {
  const store = memoryEventStore(testStamp)
  const execute = executeCommand({ store, backOff: async () => {} })
  const actor = { subject: 'tester', roles: ['admin'] }
  return {
    store,
    count: (commandId: string, by: number) =>
      execute(counter, commandRequest(counter, { tenant: 'acme', id: 'one', command: { by }, commandId, actor })),
  }
}

test('a command at hand goes to its aggregate’s stream, and begins a correlation of its own', async () => {
  const { store, count } = executing()
  expect(await count('c1', 5)).toMatchObject(E.right({ version: 1, replayed: false }))
  expect(store.commits()).toMatchObject([
    {
      stream: { tenant: 'acme', type: 'counter', id: 'one' },
      commandId: 'c1',
      actor: { subject: 'tester', roles: ['admin'] },
      correlationId: 'c1',
      causationId: null,
    },
  ])
})

test('its retry is known by the command itself, and so is another command under the same id', async () => {
  const { store, count } = executing()
  await count('c1', 5)
  expect(await count('c1', 5)).toMatchObject(E.right({ version: 1, replayed: true }))
  expect(await count('c1', 6)).toEqual(E.left({ _tag: 'CommandIdReused' }))
  expect(store.commits()).toHaveLength(1)
})
