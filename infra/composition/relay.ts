import { setTimeout as sleep } from 'node:timers/promises'
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda'
import { type DaybookEvent, eventCodecs, personalData } from '../../projections/event-codecs.ts'
import { jitteredPauses } from '../decorrelated-jitter.ts'
import { commitOfImage } from '../event-store/item.ts'
import { kinesisRelay, type RelayDeps } from '../relay/on-kinesis.ts'
import { publishing } from '../relay/registry.ts'

/** Between tries at what the bus did not take. */
const PAUSES = { baseMs: 100, capMs: 5_000 }

/** Tells other systems of Daybook's events. */
export const relayTo = (
  deps: Pick<RelayDeps<DaybookEvent>, 'stage' | 'bus' | 'events' | 'log' | 'onRefused'>,
): ((event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>) =>
  kinesisRelay<DaybookEvent>({
    codecs: eventCodecs,
    publishing,
    personal: personalData,
    commitOfImage,
    pauses: jitteredPauses(PAUSES, Math.random, sleep),
    ...deps,
  })
