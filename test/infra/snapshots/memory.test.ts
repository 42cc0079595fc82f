import { memorySnapshots } from '../../../infra/snapshots/memory.ts'
import { snapshotsContract } from '../../contracts/snapshots.ts'

const snapshots = memorySnapshots()
snapshotsContract('memory', async () => snapshots)
