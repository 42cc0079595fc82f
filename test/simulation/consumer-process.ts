import type { Commit } from '../../infra/event-store/port.ts'
import { type Mapping, startMapping } from '../../infra/feeds/mapping.ts'
import type { MappingConfig } from '../../infra/feeds/mapping-config.ts'
import type { ShardSource } from '../../infra/feeds/port.ts'
import { RETRIES } from '../../infra/feeds/table-consumer.ts'
import { silentLogger } from '../../infra/log/logger.ts'
import type { SimulatedFeed } from './simulated-feed.ts'
import type { Passed, SimulatedPositions } from './simulated-positions.ts'
import { type Chance, type SimulatedProcess, type Step, simulatedProcess } from './simulated-process.ts'

export type MappingPlan = Pick<MappingConfig<unknown, unknown>, 'batchSize' | 'maximumBatchingWindowMs' | 'parallel'>

export type ConsumerConfig<Event> = Pick<MappingConfig<Commit, Event>, 'toEvent' | 'clock'> & {
  readonly name: string
  readonly plan: MappingPlan
  readonly feed: SimulatedFeed
  readonly positions: SimulatedPositions
  readonly chance: Chance
  /** The production handler, on the engines as a process sees them. */
  readonly handlerOf: (step: Step) => MappingConfig<Commit, Event>['handler']
  /** Whether everybody whom the commit concerns holds it, or has parked its stream. Looks before it returns. */
  readonly isHandled: (commit: Commit) => Promise<boolean>
  readonly violated: (what: string) => void
}

/** A process of a consumer, and how far it has come in each shard. */
export type Running = {
  readonly process: SimulatedProcess
  readonly mapping: Mapping
  readonly at: ReadonlyMap<string, string>
  /** How many of its handlers run. */
  readonly running: () => number
}

/** The feed, with an eye on whether a shard is read before its parents were handled to their ends. */
const watched = <Event>(
  { feed, violated, name }: ConsumerConfig<Event>,
  step: Step,
  at: ReadonlyMap<string, string>,
): ShardSource<Commit> => ({
  identity: () => step('identity', feed.source.identity),
  shards: () => step('shards', feed.source.shards),
  read: (request) =>
    step(`read ${request.shardId} after ${request.after}`, () => {
      const early = feed
        .parentsOf(request.shardId)
        .find((parent) => Number(at.get(parent) ?? 0) < (feed.shards().get(parent)?.length ?? 0))
      if (early !== undefined) violated(`${name} read ${request.shardId} before the end of its parent ${early}`)
      return feed.source.read(request)
    }),
})

/** Whether what a process says that it has passed is handled. */
const passing =
  <Event>({ name, feed, isHandled, violated }: ConsumerConfig<Event>): Passed =>
  (shardId, after, through) => {
    const passed =
      feed
        .shards()
        .get(shardId)
        ?.slice(Number(after ?? 0), Number(through)) ?? []
    for (const commit of passed) {
      const where = `${JSON.stringify(commit.stream)}@${commit.version}`
      void isHandled(commit).then((handled) => handled || violated(`${name} passed ${where}, which is not handled`))
    }
  }

/** Counts the handlers that run: none may when the mapping says that it has stopped. */
const counted = <Event>(handler: MappingConfig<Commit, Event>['handler']) => {
  let running = 0
  return {
    running: () => running,
    handler: async (event: Event) => {
      running += 1
      return handler(event).finally(() => {
        running -= 1
      })
    },
  }
}

export const startProcess = <Event>(config: ConsumerConfig<Event>, id: string, onCrash: () => void): Running => {
  const { name, plan, positions, clock, toEvent, violated } = config
  const process = simulatedProcess(id, config.chance, onCrash)
  const at = new Map<string, string>()
  const { handler, running } = counted(config.handlerOf(process.step))
  const mapping = startMapping({
    ...RETRIES,
    ...plan,
    name,
    clock,
    toEvent,
    source: watched(config, process.step, at),
    handler,
    positions: positions.of(process, at, passing(config)),
    poll: { minimumMs: 50, maximumMs: 250 },
    onFailure: async () => violated(`${name} discarded records`),
    log: silentLogger,
  })
  return { process, mapping, at, running }
}
