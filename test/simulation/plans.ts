import * as fc from 'fast-check'
import { commandHistories } from '../projections/event-histories.ts'
import { AILMENTS } from './builds.ts'
import type { FeedPlan } from './simulated-feed.ts'
import { FATES, type Fate } from './simulated-process.ts'
import type { Plan } from './world.ts'

const troubles: fc.Arbitrary<Fate> = fc.constantFrom(...FATES)

/** From a world where all goes well to one where every second call does not. */
const fates: fc.Arbitrary<ReadonlyArray<Fate>> = fc.constantFrom(0, 1, 3, 10).chain((weight) =>
  fc.array(fc.oneof({ weight: 10, arbitrary: fc.constant<Fate>('well') }, { weight, arbitrary: troubles }), {
    maxLength: 200,
    size: 'max',
  }),
)

const feedPlan: fc.Arbitrary<FeedPlan> = fc.record({
  orderly: fc.boolean(),
  copies: fc.array(fc.constantFrom(1, 1, 1, 2, 3), { minLength: 1, maxLength: 8 }),
  reshardings: fc.array(
    fc.record({ after: fc.nat(8), kind: fc.constantFrom('split', 'split', 'merge'), at: fc.nat(3) }),
    { maxLength: 3 },
  ),
})

const mapping = fc.record({
  batchSize: fc.constantFrom(1, 3, 10, 25),
  maximumBatchingWindowMs: fc.constantFrom(0, 0, 100),
  parallel: fc.constantFrom(1, 2, 4),
})

/** `size`: commands a writer, at most. */
export const plans = (size: number): fc.Arbitrary<Plan> =>
  fc.record({
    histories: fc.array(commandHistories(size), { minLength: 1, maxLength: 2 }),
    foreign: fc.constantFrom(false, false, false, true),
    fates,
    flights: fc.array(fc.constantFrom(1, 5, 40, null), { minLength: 1, maxLength: 5 }),
    table: feedPlan,
    kinesis: feedPlan,
    toViews: mapping,
    toSearch: mapping,
    redeployedAfter: fc.nat(400),
    ailments: fc.oneof(fc.constant([]), fc.subarray([...AILMENTS])),
  })
