import { memoryObjects } from '../../../infra/objects/memory.ts'
import { objectsContract } from '../../contracts/objects.ts'

const objects = memoryObjects()
objectsContract('memory', async () => objects, null)
