import { memoryEventStore } from '../../../infra/event-store/memory.ts'
import { eventStoreContract } from '../../contracts/event-store.ts'
import { eventStoreLimitsContract } from '../../contracts/event-store-limits.ts'
import { sequenceContract } from '../../contracts/sequences.ts'
import { transactionContract } from '../../contracts/transactions.ts'
import { testStamp } from './stamp.ts'

const store = memoryEventStore(testStamp)
eventStoreContract('memory', async () => store)
eventStoreLimitsContract('memory', async () => store)
transactionContract('memory', async () => store)
sequenceContract(
  'memory',
  async () => store,
  () => async () => {},
)
