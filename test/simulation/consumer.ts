import { type ConsumerConfig, type Running, startProcess } from './consumer-process.ts'

/** One consumer of a feed: processes that follow one another, whenever fate ends one. */
export type Consumer = {
  /** Whether everything that the feed holds is passed. */
  readonly caughtUp: () => boolean
  /** Stops for good; resolves when no process of it runs any more. */
  readonly retire: () => Promise<void>
}

/** Starts a consumer that the real runner of event source mappings drives. */
export const startConsumer = <Event>(config: ConsumerConfig<Event>): Consumer => {
  const { name, feed, positions, chance, violated } = config
  const gone = Promise.withResolvers<void>()
  let retired = false
  let processes = 0
  const start = (): Running => {
    processes += 1
    return startProcess(config, `${name}.${processes}`, () => {
      if (retired) gone.resolve()
      else void chance.turn(`${name}: restart`).then(restart)
    })
  }
  let current = start()
  const restart = (): void => {
    if (!retired) current = start()
  }
  return {
    caughtUp: () => {
      const { process, at } = current
      const shards = [...feed.shards()]
      return process.alive() && shards.every(([shardId, { length }]) => Number(at.get(shardId) ?? 0) === length)
    },
    retire: () => {
      const { process, mapping, at, running } = current
      retired = true
      const kept = (): void => {
        if (running() > 0) violated(`${name} stopped while a handler ran`)
        const lost = [...at].find(([shardId, position]) => positions.durable.get(shardId) !== position)
        if (lost !== undefined) violated(`${name} stopped and did not keep its position in ${lost[0]}`)
        gone.resolve()
      }
      // It cannot always keep them: what it had passed is then delivered again.
      if (process.alive()) void mapping.stop().then(kept, gone.resolve)
      else gone.resolve()
      return gone.promise.then(process.kill)
    },
  }
}
