import type { KinesisStreamEvent } from 'aws-lambda'
import { commitOfImage } from '../../../infra/event-store/item.ts'
import { memoryBus } from '../../../infra/relay/memory.ts'
import { kinesisRelay, type RelayDeps } from '../../../infra/relay/on-kinesis.ts'
import type { EventBus, Outcome } from '../../../infra/relay/port.ts'
import { publishing } from '../../../infra/relay/registry.ts'
import { type DaybookEvent, eventCodecs, personalData } from '../../../projections/event-codecs.ts'
import type { CloudEvent } from '../../../schemas/integration/cloud-event.ts'

type Fate = 'sent' | 'failed' | 'unanswered'

/** A bus on which each put of an event meets its fate; `unanswered`: it is on the bus, and is said to have failed. */
export const fatedBus = (fate: (event: CloudEvent) => Fate = () => 'sent') => {
  const { put, sent } = memoryBus()
  const bus: EventBus = {
    put: async (events) => {
      const outcomes: Outcome[] = []
      for (const event of events) {
        const its = fate(event)
        const outcome = its === 'failed' ? undefined : (await put([event]))[0]
        outcomes.push(its === 'sent' && outcome !== undefined ? outcome : { _tag: 'Failed', reason: 'fate' })
      }
      return outcomes
    },
  }
  return { bus, sent }
}

/** Daybook's relay to a bus in memory, and what it told; without pauses. */
export const relayOf = (
  deps: Pick<RelayDeps<DaybookEvent>, 'events'> & Partial<RelayDeps<DaybookEvent>>,
  fate?: (event: CloudEvent) => Fate,
) => {
  const { bus, sent } = fatedBus(fate)
  const refused: unknown[] = []
  let counted = 0
  const handle = kinesisRelay<DaybookEvent>({
    codecs: eventCodecs,
    publishing,
    personal: personalData,
    stage: 'test',
    bus,
    commitOfImage,
    pauses: () => async () => {},
    log: { warn: () => {}, error: (_, fields) => refused.push(fields) },
    onRefused: () => {
      counted += 1
    },
    ...deps,
  })
  return {
    handle,
    sent,
    /** What was logged as refused, each of which was counted. */
    refused: () => {
      if (counted !== refused.length) throw new Error(`${counted} counted of ${refused.length}`)
      return refused
    },
  }
}

/** Sends a batch until it is taken, each time from the first failed record on, as Lambda does. */
export const deliverToEnd = async (
  handle: ReturnType<typeof relayOf>['handle'],
  { Records: records }: KinesisStreamEvent,
): Promise<void> => {
  let rest = records
  for (let attempt = 0; rest.length > 0; attempt += 1) {
    if (attempt === 1_000) throw new Error('the handler never took the batch')
    const failed = (await handle({ Records: rest })).batchItemFailures[0]?.itemIdentifier
    rest = failed === undefined ? [] : rest.slice(rest.findIndex(({ kinesis }) => kinesis.sequenceNumber === failed))
  }
}
