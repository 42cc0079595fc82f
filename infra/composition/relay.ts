import { setTimeout as sleep } from 'node:timers/promises'
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda'
import { type DaybookEvent, eventCodecs, personalData } from '../../projections/event-codecs.ts'
import { jitteredPauses } from '../decorrelated-jitter.ts'
import { commitOfImage } from '../event-store/item.ts'
import type { StreamName } from '../event-store/port.ts'
import { type RelayedAgain, relayAgain } from '../relay/again.ts'
import { kinesisRelay, type RelayDeps } from '../relay/on-kinesis.ts'
import { publishing } from '../relay/registry.ts'

/** Between tries at what the bus did not take. */
const PAUSES = { baseMs: 100, capMs: 5_000 }

/** What Daybook tells of itself, and how patiently. */
const telling = () => ({
  codecs: eventCodecs,
  publishing,
  personal: personalData,
  pauses: jitteredPauses(PAUSES, Math.random, sleep),
})

type Told = Pick<RelayDeps<DaybookEvent>, 'stage' | 'bus' | 'events'>

/** Tells other systems of Daybook's events. */
export const relayTo = (
  deps: Told & Pick<RelayDeps<DaybookEvent>, 'log' | 'onRefused'>,
): ((event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>) =>
  kinesisRelay<DaybookEvent>({ ...telling(), commitOfImage, ...deps })

/** Tells them of a stream once more. */
export const relayAgainTo =
  (deps: Told) =>
  (stream: StreamName, from: number): Promise<RelayedAgain> =>
    relayAgain<DaybookEvent>({ ...telling(), ...deps }, stream, from)
