import { setTimeout as pause } from 'node:timers/promises'
import { holdFile, type Lock } from '../hold-file.ts'

/** Whoever holds a file does so for a few milliseconds; this long is a process that hangs. */
const PATIENCE_MS = 10_000
const PAUSE_MS = 5

const held = async (file: string): Promise<Lock> => {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const lock = holdFile(file, 0)
    if (lock !== null) return lock
    if (performance.now() > deadline) throw new Error(`${file} is held by another process`)
    await pause(PAUSE_MS)
  }
}

/** Does the work while nobody else on this machine does any under the same file, which is made when missing. */
export const exclusively = async <A>(file: string, work: () => Promise<A>): Promise<A> => {
  const lock = await held(file)
  try {
    return await work()
  } finally {
    lock.release()
  }
}
