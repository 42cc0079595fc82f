import { setTimeout as delay } from 'node:timers/promises'
import { EngineFault, type Process } from './engine.ts'

const INTERVAL_MS = 50

/** One answer, or null while there is none. A probe that hangs counts as no answer. */
export type Probe<A> = (signal: AbortSignal) => Promise<A | null>

/**
 * Asks `probe` again and again until it answers. Rejects with `EngineFault`, naming the log file, when the process exits
 * before that, or stops it and rejects when `deadlineMs` passes.
 */
export const untilReady = async <A>(
  process: Process,
  probe: Probe<A>,
  { logFile, deadlineMs }: { readonly logFile: string; readonly deadlineMs: number },
): Promise<A> => {
  let ended = false
  void process.exited.then(() => {
    ended = true
  })
  const giveUpAt = Date.now() + deadlineMs
  while (Date.now() < giveUpAt) {
    const answer = await probe(AbortSignal.timeout(2_000)).catch(() => null)
    if (ended) throw new EngineFault(`${process.name} ended while starting; its log is ${logFile}`, true)
    if (answer !== null) return answer
    await delay(INTERVAL_MS)
  }
  await process.stop()
  throw new EngineFault(`${process.name} was not ready after ${deadlineMs / 1000} s; its log is ${logFile}`)
}
