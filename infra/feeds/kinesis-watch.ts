import { pause } from './bell.ts'
import { reasonOf, type StreamIdentity } from './port.ts'

/**
 * Looks every `everyMs` whether the stream is still the one that it was, until `signal` aborts (then null). Otherwise answers
 * how it was lost: the embedded engine was restarted and is empty, or it is away for the second time in a row.
 */
export const untilLost = async (
  identity: () => Promise<StreamIdentity>,
  known: StreamIdentity,
  everyMs: number,
  signal: AbortSignal,
): Promise<string | null> => {
  let away = 0
  for (await pause(everyMs, signal); !signal.aborted; await pause(everyMs, signal)) {
    try {
      const { incarnation } = await identity()
      if (incarnation !== known.incarnation) return `${known.arn} was created anew`
      away = 0
    } catch (error) {
      away += 1
      if (away > 1) return `${known.arn} is away: ${reasonOf(error)}`
    }
  }
  return null
}
