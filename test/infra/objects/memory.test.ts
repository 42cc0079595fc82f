import { memoryObjects } from '../../../infra/objects/memory.ts'
import { conditionalObjectsContract, racingObjectsContract } from '../../contracts/conditional-objects.ts'
import { objectsContract } from '../../contracts/objects.ts'

const objects = memoryObjects()
objectsContract('memory', async () => objects, null)
conditionalObjectsContract('memory', async () => objects, null)
racingObjectsContract('memory', async () => objects)
