import type { Case, Round } from '../../bench.ts'
import { trickle, writeBook } from '../../book.ts'
import { timed } from '../../stopwatch.ts'
import { type Engines, following, type Way } from './following.ts'

/** How long a round's load lasts. */
const SECONDS = 8

/**
 * How long a commit takes into all views when events come at half the rate that writers and projector reach together. The rate is the same for both arms; what
 * differs is the latency. Bare: a follower with the same polling that keeps each batch in one plain table.
 */
export const lagHalfLoad = (engines: Engines, capacityEvents: number, seconds = SECONDS): Case => ({
  name: 'lag-half-load',
  unit: 'events/s',
  prepare: async (cleanUp) => {
    const { client, table, follow } = await following(engines, 'lag-half-load', cleanUp)
    // Writers and followers share the machine: what they can do together is what it can take.
    const capacity = async (tenant: string): Promise<number> => {
      const { milliseconds } = await timed(capacityEvents, () =>
        Promise.all([follow('project', capacityEvents), writeBook({ client, table, tenant }, capacityEvents)]),
      )
      await follow('keep', capacityEvents)
      return (capacityEvents * 1_000) / milliseconds
    }
    await capacity('warm-up')
    const most = await capacity('capacity')
    const rate = most / 2
    const events = Math.round(rate * seconds)
    let round = 0
    const armOf = (name: string, way: Way, other: Way) => ({
      name,
      remarks: () => [
        `${Math.round(rate)} events a second, half of the ${Math.round(most)} that were written and projected at most`,
      ],
      round: async (): Promise<Round> => {
        round += 1
        const book = { client, table, tenant: `round-${round}` }
        const following = follow(way, events)
        const { milliseconds } = await timed(events, () => trickle(book, events, rate))
        const { latenciesMs } = await following
        // The other arm has these in its stream, too, and is not to meet them in its own round.
        await follow(other, events)
        return { operations: events, milliseconds, latenciesMs }
      },
    })
    return [armOf('daybook', 'project', 'keep'), armOf('bare', 'keep', 'project')]
  },
})
