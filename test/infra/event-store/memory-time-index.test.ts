import { memoryEventStore } from '../../../infra/event-store/memory.ts'
import { memoryTimeIndex } from '../../../infra/event-store/memory-time-index.ts'
import type { Commit } from '../../../infra/event-store/port.ts'
import { CONTRACT_BOUNDS, timeIndexContract } from '../../contracts/time-index.ts'
import { stampAt } from './stamp.ts'

const logs: Array<() => ReadonlyArray<Commit>> = []
timeIndexContract('memory', () => ({
  storeAt: (clock) => {
    const store = memoryEventStore(stampAt(clock))
    logs.push(store.commits)
    return store
  },
  indexAt: (clock) => memoryTimeIndex({ commits: () => logs.flatMap((log) => log()), clock, bounds: CONTRACT_BOUNDS }),
}))
