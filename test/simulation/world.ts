import type { Scheduler } from 'fast-check'
import { memoryEventStore } from '../../infra/event-store/memory.ts'
import type { Commit } from '../../infra/event-store/port.ts'
import { memoryProducts } from '../../infra/search/memory.ts'
import { memoryViewStore } from '../../infra/views/memory.ts'
import { type Step as Command, stampOf } from '../projections/event-histories.ts'
import type { Ailment } from './builds.ts'
import type { MappingPlan } from './consumer.ts'
import { type FeedPlan, simulatedFeed } from './simulated-feed.ts'
import { type Chance, type Fate, type Step, simulatedProcess } from './simulated-process.ts'
import type { VirtualTime } from './virtual-time.ts'
import { runForeignWriter, runWriter } from './writers.ts'

/** All that a run is made of, but for the order of its turns. */
export type Plan = {
  /** One a writer. */
  readonly histories: ReadonlyArray<ReadonlyArray<Command>>
  /** Whether somebody writes what no build can read. */
  readonly foreign: boolean
  /** Of all calls to engines, in the order in which they get their turn; when they are used up, all goes well. */
  readonly fates: ReadonlyArray<Fate>
  /** How many turns those requests take to land that nobody waits for any more, one after the other. */
  readonly flights: ReadonlyArray<number>
  readonly table: FeedPlan
  readonly kinesis: FeedPlan
  readonly toViews: MappingPlan
  readonly toSearch: MappingPlan
  /** After so many turns the first build is deployed once more. */
  readonly redeployedAfter: number
  /** Of the first build; the second one is well. */
  readonly ailments: ReadonlyArray<Ailment>
}

/** The engines, the feeds between them and their clients, all under one scheduler. */
export type World = ReturnType<typeof worldOf>

/** More turns than any run needs: whoever has not caught up by then never will. */
const MOST_TURNS = 20_000

/** Whoever can go on without another turn goes on: the longest chain of awaits between two turns is shorter. */
const settled = async (): Promise<void> => {
  for (let tick = 0; tick < 60; tick += 1) await undefined
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

export const worldOf = (plan: Plan, scheduler: Scheduler, time: VirtualTime) => {
  const trace: string[] = []
  const violations: string[] = []
  const fates = plan.fates.values()
  let inFlight = 0
  let flights = 0
  const turn = (label: string): Promise<void> => scheduler.schedule(Promise.resolve(), label)
  const flight = async (label: string): Promise<void> => {
    flights += 1
    for (let left = plan.flights[flights % plan.flights.length] ?? 1; left > 0; left -= 1) await turn(label)
  }
  const chance: Chance = {
    turn,
    fate: (label) => {
      const fate = fates.next().value ?? 'well'
      trace.push(`${label} ${fate}`)
      return fate
    },
    landLater: (label, effect) => {
      inFlight += 1
      void flight(label)
        .then(effect)
        .catch(() => {})
        .then(() => {
          inFlight -= 1
        })
    },
  }
  const store = memoryEventStore(stampOf())
  const feedOf = (name: string, feedPlan: FeedPlan) => simulatedFeed(feedPlan, () => turn(`${name}: record`))
  const table = feedOf('table', plan.table)
  const kinesis = feedOf('kinesis', plan.kinesis)
  const publish = (commit: Commit): void => {
    table.publish(commit)
    kinesis.publish(commit)
  }
  const violated = (what: string): void => {
    violations.push(what)
  }

  let writing = 0
  let turns = 0
  const write = (name: string, work: (step: Step) => Promise<void>) => {
    const { step } = simulatedProcess(name, { ...chance, fate: (label) => survived(chance.fate(label)) }, () => {})
    writing += 1
    work(step).then(
      () => {
        writing -= 1
      },
      (error: unknown) => violated(`${name}: ${error}`),
    )
  }
  const letTimePass = (): void => void turn('time').then(time.pass).then(letTimePass)
  letTimePass()
  return {
    chance,
    store,
    views: memoryViewStore(),
    search: memoryProducts(),
    table,
    kinesis,
    clock: time.now,
    trace,
    violated,
    publish,
    startWriters: () => {
      for (const [index, history] of plan.histories.entries()) {
        const name = `writer-${index}`
        write(name, (step) => runWriter(store, name, history, step, publish))
      }
      if (plan.foreign) write('foreign', (step) => runForeignWriter(store, step, publish))
    },
    /** Whether everything is written and has arrived in its feeds. */
    delivered: () => writing + inFlight === 0 && table.underway() === 0 && kinesis.underway() === 0,
    turns: () => turns,
    /** Gives turns until it is so. Rejects when something was done that must never be, and when it never becomes so. */
    until: async (isSo: () => boolean): Promise<void> => {
      for (const most = turns + MOST_TURNS; !isSo(); turns += 1) {
        if (turns === most) violated(`not so after ${MOST_TURNS} turns: ${isSo}`)
        if (violations.length > 0) throw new Error(violations.join('\n'))
        await scheduler.waitOne()
        await settled()
      }
    },
  }
}
