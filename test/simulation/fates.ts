import type { Scheduler } from 'fast-check'
import type { Chance, Fate } from './simulated-process.ts'

export type FatePlan = {
  /** Of all calls to engines, in the order in which they get their turn; when they are used up, all goes well. */
  readonly fates: ReadonlyArray<Fate>
  /** How many turns those requests take to land that nobody waits for any more, in their order; null: they land last of all. */
  readonly flights: ReadonlyArray<number | null>
}

/** Turns by the scheduler, fates by the plan. */
export const chanceOf = (plan: FatePlan, scheduler: Scheduler) => {
  const trace: string[] = []
  const fates = plan.fates.values()
  const stragglers: Array<() => Promise<void>> = []
  let flights = 0
  let inFlight = 0
  const turn = (label: string): Promise<void> => scheduler.schedule(Promise.resolve(), label)
  const landIn = async (turns: number, label: string, effect: () => Promise<unknown>): Promise<void> => {
    inFlight += 1
    for (let left = turns; left > 0; left -= 1) await turn(label)
    await effect().catch(() => {})
    inFlight -= 1
  }
  const chance: Chance = {
    turn,
    fate: (label) => {
      const fate = fates.next().value ?? 'well'
      trace.push(`${label} ${fate}`)
      return fate
    },
    landLater: (label, effect) => {
      flights += 1
      const turns = plan.flights[flights % plan.flights.length] ?? null
      if (turns === null) stragglers.push(() => landIn(1, label, effect))
      else void landIn(turns, label, effect)
    },
  }
  return {
    chance,
    /** Every call to an engine, and what became of it. */
    trace,
    inFlight: () => inFlight,
    /** Lets those requests land that come last of all. */
    letStragglersLand: () => {
      for (const land of stragglers.splice(0)) void land()
    },
  }
}

/** A writer is a client that asks again, so it never ends at an await. */
const survived = (fate: Fate): Fate => {
  switch (fate) {
    case 'crash before':
      return 'refused'
    case 'crash in flight':
      return 'late'
    case 'crash after':
      return 'unanswered'
    default:
      return fate
  }
}

/** The chance of a process that never ends at an await. */
export const surviving = (chance: Chance): Chance => ({ ...chance, fate: (label) => survived(chance.fate(label)) })
