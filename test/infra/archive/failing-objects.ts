import { type ConditionalObjects, ObjectStorageFault } from '../../../infra/objects/port.ts'

/** What becomes of one operation: it is done, it never reaches the storage, or it is done and its answer is lost. */
export type Fate = 'done' | 'lost' | 'unanswered'

/** The same objects, each of whose operations meets its fate. */
export const failingObjects = (objects: ConditionalObjects, fate: () => Fate | Promise<Fate>): ConditionalObjects => {
  const through = async <A>(operation: () => Promise<A>): Promise<A> => {
    const its = await fate()
    if (its === 'lost') throw new ObjectStorageFault('lost')
    const answer = await operation()
    if (its === 'unanswered') throw new ObjectStorageFault('unanswered')
    return answer
  }
  return {
    put: (key, bytes) => through(() => objects.put(key, bytes)),
    get: (key, limit) => through(() => objects.get(key, limit)),
    getTagged: (key, limit) => through(() => objects.getTagged(key, limit)),
    putIf: (key, tag, bytes) => through(() => objects.putIf(key, tag, bytes)),
  }
}
