import type { Counts } from '../../rebuild/counts.ts'
import type { Held } from '../port.ts'

export type Survey = { readonly counts: Counts; readonly sample: ReadonlyArray<Held> }

/**
 * Counts what an index holds and draws a sample of it, each product as likely as any other (Vitter, Random Sampling with a Reservoir,
 * algorithm R). @param random from 0 to just below 1.
 */
export const survey = async (
  pages: AsyncIterable<ReadonlyArray<Held>>,
  size: number,
  random: () => number,
): Promise<Survey> => {
  const sample: Held[] = []
  let streams = 0
  let events = 0
  let tombstones = 0
  for await (const page of pages) {
    for (const held of page) {
      streams += 1
      events += held.version
      if (held.deleted) tombstones += 1
      const at = sample.length < size ? sample.length : Math.floor(random() * streams)
      if (at < size) sample[at] = held
    }
  }
  return { counts: { streams, events, rows: { documents: streams - tombstones, tombstones } }, sample }
}
