import type { CloudEvent } from '../../schemas/integration/cloud-event.ts'
import type { Pauses } from '../decorrelated-jitter.ts'
import type { EventBus } from './port.ts'

export type InOrderDeps = {
  readonly bus: EventBus
  /** Between tries of events that failed. */
  readonly pauses: Pauses
  /** Told of each event that no bus will take; the others go on. */
  readonly onRefused: (event: CloudEvent, reason: string) => void
  readonly onFailed: (events: number, reason: string) => void
}

/** Tries of an event in all; with pauses of 1 s at the most, some three seconds. */
const ATTEMPTS = 5

/** One event of each stream: EventBridge may take one entry of a request and fail the one before it. */
const firstOfEachStream = (events: ReadonlyArray<CloudEvent>): ReadonlySet<CloudEvent> => {
  const first = new Map<string, CloudEvent>()
  for (const event of events) {
    const stream = `${event.source} ${event.subject}`
    if (!first.has(stream)) first.set(stream, event)
  }
  return new Set(first.values())
}

/** Puts events, and those that failed alone again. Answers those that failed to the end. */
const putPatiently = async (deps: InOrderDeps, events: ReadonlySet<CloudEvent>): Promise<ReadonlySet<CloudEvent>> => {
  const pause = deps.pauses()
  let waiting = [...events]
  for (let attempt = 1; ; attempt += 1) {
    const outcomes = await deps.bus.put(waiting)
    const failed: CloudEvent[] = []
    let reason = ''
    for (const [index, event] of waiting.entries()) {
      const outcome = outcomes[index] ?? { _tag: 'Failed', reason: 'the bus did not answer' }
      if (outcome._tag === 'Refused') deps.onRefused(event, outcome.reason)
      if (outcome._tag !== 'Failed') continue
      failed.push(event)
      reason = outcome.reason
    }
    if (failed.length === 0) return new Set()
    deps.onFailed(failed.length, reason)
    if (attempt === ATTEMPTS) return new Set(failed)
    waiting = failed
    await pause()
  }
}

/**
 * Puts events on a bus so that those of one stream keep their order: one goes when the one before it was sent, or refused. Answers those
 * that were not sent, because the bus failed for too long; then nothing more was put.
 */
export const putInOrder = async (
  deps: InOrderDeps,
  events: ReadonlyArray<CloudEvent>,
): Promise<ReadonlySet<CloudEvent>> => {
  let waiting = events
  while (waiting.length > 0) {
    const wave = firstOfEachStream(waiting)
    const failed = await putPatiently(deps, wave)
    waiting = waiting.filter((event) => !wave.has(event) || failed.has(event))
    if (failed.size > 0) break
  }
  return new Set(waiting)
}
