import * as E from 'fp-ts/lib/Either.js'
import type { Commit } from '../../infra/event-store/port.ts'
import type { ProductDocuments } from '../../infra/search/port.ts'
import { RejectedChanges, type ViewStore } from '../../infra/views/port.ts'
import type { Change } from '../../projections/change.ts'
import { eventCodecs } from '../../projections/event-codecs.ts'
import type { ReadModel } from '../../projections/read-model.ts'
import { type EventCodecs, recordedEventsOf } from '../../projections/recorded.ts'
import { postgresProjections } from '../../projections/registry.ts'
import { event } from '../../schemas/events/event.ts'
import { OrderPlaced } from '../../schemas/events/order.ts'
import { ProductDiscontinued, ProductPriceChanged } from '../../schemas/events/product.ts'
import { upcasting } from '../../schemas/events/upcasting.ts'

/** What is wrong with the build, or with the engines, that the first half of a run has. */
export const AILMENTS = [
  'event type of later',
  'schema version of later',
  'handler throws',
  'rows refused',
  'document refused',
] as const
export type Ailment = (typeof AILMENTS)[number]

/** What is deployed: codecs, read models, and what the engines take. */
export type Build = {
  readonly codecs: EventCodecs
  readonly projections: ReadonlyArray<ReadModel>
  readonly guardViews: (views: ViewStore) => ViewStore
  readonly guardSearch: (search: ProductDocuments) => ProductDocuments
  /** Why, and at which version, a projection can never apply a commit. */
  readonly obstacle: (projection: string, commit: Commit) => Obstacle | undefined
}
export type Obstacle = { readonly version: number; readonly error: RegExp }

const olderCodecs = (ailments: ReadonlyArray<Ailment>): EventCodecs => ({
  ...eventCodecs,
  ...(ailments.includes('event type of later') && { order: upcasting('OrderEvent', [OrderPlaced]) }),
  ...(ailments.includes('schema version of later') && {
    product: upcasting('ProductEvent', [event('ProductAdded', {}), ProductPriceChanged, ProductDiscontinued]),
  }),
})

/** A projection with a defect: it throws at what took stock away. */
const failing = (model: ReadModel): ReadModel => ({
  ...model,
  changesOf: (recorded) => {
    const changes = model.changesOf(recorded)
    if (changes.some((change) => change.op === 'add' && Number(change.deltas['on_hand']) < 0))
      throw new Error('a defect')
    return changes
  },
})

/** As a CHECK constraint: it takes no orders in euros. */
const isRefused = (change: Change): boolean =>
  change.op === 'put' && change.table === 'orders' && change.row['currency'] === 'EUR'

const refusingRows = (views: ViewStore): ViewStore => ({
  ...views,
  commit: async (commit) => {
    if (commit.changes.some(isRefused)) throw new RejectedChanges('orders_in_pounds')
    return views.commit(commit)
  },
})

const REFUSED_SKU = 'POST'

/** As a mapping that a field does not fit. */
const refusingDocuments = (search: ProductDocuments): ProductDocuments => ({
  ...search,
  write: async (products) => {
    const failures = await search.write(products.filter(({ sku }) => sku !== REFUSED_SKU))
    const refused = products.filter(({ sku }) => sku === REFUSED_SKU)
    return [
      ...failures,
      ...refused.map(({ tenant, sku }) => ({ tenant, sku, reason: 'mapper_parsing_exception', retryable: false })),
    ]
  },
})

const inViews = (
  { codecs, projections }: Pick<Build, 'codecs' | 'projections'>,
  ailments: ReadonlyArray<Ailment>,
  projection: string,
  commit: Commit,
): Obstacle | undefined => {
  const recorded = recordedEventsOf(codecs)(commit)
  if (E.isLeft(recorded)) return { version: recorded.left.version, error: /^unknown event / }
  const model = projections.find(({ name }) => name === projection)
  try {
    const changes = recorded.right.flatMap((one) => model?.changesOf(one) ?? [])
    if (!ailments.includes('rows refused') || !changes.some(isRefused)) return undefined
    return { version: commit.version, error: /^orders_in_pounds$/ }
  } catch {
    return { version: commit.version, error: /^a defect$/ }
  }
}

const inSearch = (ailments: ReadonlyArray<Ailment>, commit: Commit): Obstacle | undefined => {
  if (ailments.includes('document refused') && commit.stream.id === REFUSED_SKU) {
    return { version: 1, error: /mapper_parsing_exception/ }
  }
  const recorded = recordedEventsOf(eventCodecs)(commit)
  return E.isLeft(recorded) ? { version: recorded.left.version, error: /^unknown event / } : undefined
}

export const buildWith = (ailments: ReadonlyArray<Ailment>): Build => {
  const throws = ailments.includes('handler throws')
  const codecs = olderCodecs(ailments)
  const projections = postgresProjections.map((model) => (throws && model.name === 'stock' ? failing(model) : model))
  return {
    codecs,
    projections,
    guardViews: ailments.includes('rows refused') ? refusingRows : (views) => views,
    guardSearch: ailments.includes('document refused') ? refusingDocuments : (search) => search,
    obstacle: (projection, commit) =>
      projection === 'product-search'
        ? inSearch(ailments, commit)
        : inViews({ codecs, projections }, ailments, projection, commit),
  }
}
