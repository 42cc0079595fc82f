import type { Scheduler } from 'fast-check'
import { type Build, buildWith } from './builds.ts'
import type { Consumer } from './consumer.ts'
import { deploy, nothingKept, parkedStreams, ring } from './deployment.ts'
import { expectFold } from './expected.ts'
import { virtualTime } from './virtual-time.ts'
import { type Plan, type World, worldOf } from './world.ts'

const retired = async ({ until }: World, consumers: ReadonlyArray<Consumer>): Promise<void> => {
  let running = consumers.length
  for (const { retire } of consumers) {
    void retire().then(() => {
      running -= 1
    })
  }
  await until(() => running === 0)
}

/** Everything is delivered, and the views are the fold of what the build can apply. */
const expected = async (world: World, consumers: ReadonlyArray<Consumer>, build: Build): Promise<void> => {
  const caughtUp = (): boolean => world.delivered() && consumers.every((consumer) => consumer.caughtUp())
  await world.until(caughtUp)
  world.letStragglersLand()
  await world.until(caughtUp)
  await expectFold(build, world.store.commits(), world.views, world.search.all())
}

const run = async (plan: Plan, world: World): Promise<void> => {
  const kept = nothingKept()
  const [ailing, well] = [buildWith(plan.ailments), buildWith([])]
  world.startWriters()
  const first = deploy(world, ailing, plan, kept)
  await world.until(() => world.turns() >= plan.redeployedAfter)
  await retired(world, first)
  const second = deploy(world, ailing, plan, kept)
  await expected(world, second, ailing)
  await retired(world, second)

  const third = deploy(world, well, plan, kept)
  const parked = await parkedStreams(world, well)
  ring(world, parked)
  await expected(world, third, ailing)
  for (const { projection, stream } of parked) await world.views.unpark(projection, stream)
  ring(world, parked)
  await expected(world, third, well)
}

/**
 * One run. Writers write while projectors of a build with ailments follow the feeds; half-way they are stopped and started again.
 * When all is delivered, a build without ailments takes over, which leaves alone what is parked until somebody has healed it. Each
 * time the views must be the fold of what could be applied. Answers the calls to engines in their order, and what became of them;
 * rejects with the first thing that is wrong.
 * @param told calls that a failure shows, the last ones.
 */
export const simulate = async (plan: Plan, scheduler: Scheduler, told = 40): Promise<ReadonlyArray<string>> => {
  // Whoever else shares this process gets the time that it needs between two runs, and none within.
  await new Promise((resume) => setImmediate(resume))
  const time = virtualTime()
  const world = worldOf(plan, scheduler, time)
  try {
    await run(plan, world)
    return world.trace
  } catch (error) {
    if (!(error instanceof Error)) throw error
    error.message += `\nThe last of ${world.trace.length} calls:\n${world.trace.slice(-told).join('\n')}`
    throw error
  } finally {
    time.end()
  }
}
