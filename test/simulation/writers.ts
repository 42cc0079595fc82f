import * as E from 'fp-ts/lib/Either.js'
import type { Commit, EventStore, StoredEvent } from '../../infra/event-store/port.ts'
import { type Step as Command, writersTo } from '../projections/event-histories.ts'
import { EngineAway, type Step } from './simulated-process.ts'

/** A client of the event store: asks again when it gets no answer, and knows its own commit when that was there already. */
const persistent = (store: EventStore, tenant: string, step: Step, onStored: (commit: Commit) => void): EventStore => ({
  ...store,
  // Each writer has a tenant, and so its streams, to itself.
  emptyStream: (stream) => store.emptyStream({ ...stream, tenant }),
  append: async (position, draft) => {
    for (;;) {
      try {
        const appended = await step('append', async () => {
          const outcome = await store.append(position, draft)
          if (E.isRight(outcome)) onStored(outcome.right.commit)
          return outcome
        })
        if (E.isRight(appended) || appended.left._tag !== 'Conflict') return appended
        const { winner } = appended.left
        return winner.commit.commandId === draft.commandId ? E.right(winner) : appended
      } catch (error) {
        if (!(error instanceof EngineAway)) throw error
      }
    }
  },
})

/** Carries out one writer's commands, one after the other. */
export const runWriter = async (
  store: EventStore,
  tenant: string,
  commands: ReadonlyArray<Command>,
  step: Step,
  onStored: (commit: Commit) => void,
): Promise<void> => {
  const write = writersTo(persistent(store, tenant, step, onStored))
  for (const command of commands) await command(write)
}

const added = (sku: string, schemaVersion: number): StoredEvent => ({
  type: 'ProductAdded',
  schemaVersion,
  data: { sku, name: 'Lamp', category: null, price: { amount: '1', currency: 'GBP' }, images: [] },
})

/** What no build here knows: an event type of another system, and a schema version of the future. */
const foreign = (sku: string): ReadonlyArray<ReadonlyArray<StoredEvent>> => [
  [added(sku, 2), { type: 'ProductTeleported', schemaVersion: 1, data: {} }],
  [added(sku, 99)],
]

/** Writes streams that begin well and go on with what no build can read. */
export const runForeignWriter = async (
  store: EventStore,
  step: Step,
  onStored: (commit: Commit) => void,
): Promise<void> => {
  const { append } = persistent(store, 'foreign', step, onStored)
  for (const index of foreign('').keys()) {
    const sku = `p${index}`
    let position = store.emptyStream({ tenant: 'foreign', type: 'product', id: sku })
    for (const events of [[added(sku, 1), added(sku, 2)], foreign(sku)[index] ?? [], [added(sku, 2)]]) {
      const commandId = `foreign ${index} ${position.version}`
      const actor = { subject: 'stranger', roles: [] }
      const provenance = { actor, correlationId: 'foreign', causationId: null, fingerprint: '0'.repeat(64) }
      const appended = await append(position, { ...provenance, commandId, events })
      if (E.isLeft(appended)) throw new Error(`not appended: ${appended.left._tag}`)
      position = appended.right.position
    }
  }
}
