import type * as t from 'io-ts'
import type { StreamName } from '../infra/event-store/port.ts'
import type { DomainEvent, RecordedEvent } from '../projections/projection.ts'
import type { RecordedEventsOf } from '../projections/recorded.ts'
import type { Problem } from '../schemas/problem.ts'

/** A kind of thing that the API knows by an id, each of which one stream tells of. */
export type Kind<P> = {
  /** As `operationId`s spell it: `Order` for `getOrder` and `getOrderHistory`. */
  readonly name: string
  /** In a sentence: `an order`. */
  readonly noun: string
  readonly tag: string
  readonly streamType: string
  /** `/v1/orders/{id}` */
  readonly path: string
  readonly params: t.Type<P, unknown, unknown>
  readonly idOf: (params: P) => string
  readonly notFound: Problem
}

/** How what the API shows of such a thing is made of its stream's events. Pure. */
export type Fold<Ev extends DomainEvent, S, R> = {
  readonly decode: RecordedEventsOf<Ev>
  readonly initial: S
  readonly evolve: (state: S, event: RecordedEvent<Ev>) => S
  /** `null`: there is no such thing yet. */
  readonly show: (state: S) => R | null
}

export type Entity<P, Ev extends DomainEvent, S, R> = Kind<P> & Fold<Ev, S, R>

export const streamOf = ({ streamType }: Pick<Kind<never>, 'streamType'>, tenant: string, id: string): StreamName => ({
  tenant,
  type: streamType,
  id,
})
