import { memoryViewStore } from '../../../infra/views/memory.ts'
import { viewStoreContract } from '../../contracts/view-store.ts'

viewStoreContract('in memory', async () => {
  const store = memoryViewStore()
  return { store, rows: async ({ name }, tenant) => store.rows(name).filter((row) => row['tenant'] === tenant) }
})
