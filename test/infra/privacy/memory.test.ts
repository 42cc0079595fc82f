import { cachedKeys } from '../../../infra/privacy/cached-keys.ts'
import { memorySubjectKeys } from '../../../infra/privacy/memory.ts'
import { subjectKeysContract } from '../../contracts/subject-keys.ts'

const keys = memorySubjectKeys()
subjectKeysContract('memory', async () => keys)

const cached = cachedKeys(memorySubjectKeys(), () => performance.now())
subjectKeysContract('memory, cached by one process', async () => cached)
