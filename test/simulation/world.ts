import type { Scheduler } from 'fast-check'
import { memoryEventStore } from '../../infra/event-store/memory.ts'
import type { Commit } from '../../infra/event-store/port.ts'
import { memoryProducts } from '../../infra/search/memory.ts'
import { memoryViewStore } from '../../infra/views/memory.ts'
import { type Step as Command, stampOf } from '../projections/event-histories.ts'
import type { Ailment } from './builds.ts'
import type { MappingPlan } from './consumer-process.ts'
import { chanceOf, type FatePlan, surviving } from './fates.ts'
import { type FeedPlan, simulatedFeed } from './simulated-feed.ts'
import { type Step, simulatedProcess } from './simulated-process.ts'
import type { VirtualTime } from './virtual-time.ts'
import { runForeignWriter, runWriter } from './writers.ts'

/** All that a run is made of, but for the order of its turns. */
export type Plan = FatePlan & {
  /** One a writer. */
  readonly histories: ReadonlyArray<ReadonlyArray<Command>>
  /** Whether somebody writes what no build can read. */
  readonly foreign: boolean
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

export const worldOf = (plan: Plan, scheduler: Scheduler, time: VirtualTime) => {
  const violations: string[] = []
  const { chance, trace, inFlight, letStragglersLand } = chanceOf(plan, scheduler)
  const { turn } = chance
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
    const { step } = simulatedProcess(name, surviving(chance), () => {})
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
    delivered: () => writing + inFlight() === 0 && table.underway() === 0 && kinesis.underway() === 0,
    turns: () => turns,
    letStragglersLand,
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
