import * as t from 'io-ts'
import { recordedEventsOf } from '../../projections/recorded.ts'
import { AdjustmentEvent } from '../../schemas/events/adjustment.ts'
import { Money } from '../../schemas/money.ts'
import { nullable } from '../../schemas/nullable.ts'
import { problem } from '../../schemas/problem.ts'
import { ClientId, Country, Reason } from '../../schemas/text.ts'
import { Instant } from '../../schemas/time.ts'
import type { Entity } from '../entity.ts'
import { Version } from '../replies.ts'

export const Adjustment = t.strict(
  {
    id: ClientId,
    customerId: nullable(ClientId),
    country: nullable(Country),
    amount: Money,
    reason: Reason,
    bookedAt: Instant,
    version: Version,
  },
  'Adjustment',
)
type Adjustment = t.TypeOf<typeof Adjustment>

export const adjustmentEntity: Entity<{ readonly id: string }, AdjustmentEvent, Adjustment | null, Adjustment> = {
  name: 'Adjustment',
  noun: 'an adjustment',
  tag: 'Adjustments',
  streamType: 'adjustment',
  path: '/v1/adjustments/{id}',
  params: t.strict({ id: ClientId }),
  idOf: ({ id }) => id,
  notFound: problem(404, 'adjustment_not_found', 'There is no such adjustment'),
  decode: recordedEventsOf({ adjustment: AdjustmentEvent }),
  initial: null,
  evolve: (_, { streamId: id, version, event: { data } }) => {
    const { customerId, country, amount, reason, bookedAt } = data
    return { id, customerId, country, amount, reason, bookedAt, version }
  },
  show: (adjustment) => adjustment,
}
