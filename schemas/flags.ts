import * as t from 'io-ts'
import { BoundedArrayType } from './bounded-array.ts'
import { DescribedType, Tenant } from './text.ts'
import { Instant } from './time.ts'

/** Hours that an invoice may wait for: none to a year. */
export const MAX_AFTER_HOURS = 8_760

/** Tenants that a flag may name. AppConfig: 25 values in an attribute that is a list (AttributeValue). */
export const MAX_TENANTS = 25

export const AfterHours = new DescribedType<number>(
  'AfterHours',
  { type: 'number', minimum: 0, maximum: MAX_AFTER_HOURS },
  (input) => (typeof input === 'number' && input >= 0 && input <= MAX_AFTER_HOURS ? input : undefined),
  `must be a number of hours from 0 to ${MAX_AFTER_HOURS}`,
)

export const Tenants = new BoundedArrayType('Tenants', Tenant, 0, MAX_TENANTS)

/**
 * Refuses attributes that it does not know: they may limit what is switched on, so that without them it would be on for more than was
 * meant. Those that begin with "_" are AppConfig's own (`_variant`).
 */
const knowingAll = <R extends t.Props, O extends t.Props>(required: R, optional: O) => {
  const known = t.intersection([t.type(required), t.partial(optional)])
  const exact = t.exact(known)
  const isUnknown = (name: string): boolean =>
    !name.startsWith('_') && !Object.hasOwn(required, name) && !Object.hasOwn(optional, name)
  // Says that what comes next is a place in the value: behind an intersection it would be taken for one of its members.
  const here = { key: '', type: t.UnknownRecord }
  return new t.ExactType(
    exact.name,
    exact.is,
    (input, context) => {
      const unknown = t.UnknownRecord.is(input) ? Object.keys(input).find(isUnknown) : undefined
      return unknown === undefined
        ? exact.validate(input, context)
        : t.failure(input, [...context, here, { key: unknown, type: t.never }], 'is no attribute of this flag')
    },
    exact.encode,
    known,
  )
}

/** AppConfig answers a flag that is off without its attributes; a file may keep them. */
const Off = t.readonly(t.strict({ enabled: t.literal(false) }))

/** A flag with these attributes where it is on. */
const flag = <R extends t.Props, O extends t.Props>(required: R, optional: O) =>
  t.union(
    [Off, t.readonly(knowingAll({ enabled: t.literal(true), ...required }, optional))],
    'a flag whose "enabled" is true or false',
  )

/**
 * What is switched on, as AppConfig answers a profile of type AWS.AppConfig.FeatureFlags. A flag that is absent is off. One that nobody
 * knows here is ignored: flags are deployed before the code that reads them, and stay for the code that is rolled back.
 */
export const FlagValues = t.readonly(
  t.exact(
    t.partial({
      /**
       * Orders that were placed `since` then are invoiced `afterHours` (fractions allowed) after that, those of `tenants` alone where
       * they are named. Both are by the time of the commit, so that whoever switches it on does not invoice the past.
       */
      'automatic-invoicing': flag({ since: Instant, afterHours: AfterHours }, { tenants: Tenants }),
    }),
  ),
  'an object of flags',
)
export type FlagValues = t.TypeOf<typeof FlagValues>

/** What holds where nobody has said anything. */
export const ALL_OFF: FlagValues = {}

/** On which terms orders are invoiced by themselves. `tenants`: of these alone, where they are named. */
export type AutomaticInvoicing = {
  readonly since: string
  readonly afterHours: number
  readonly tenants?: ReadonlyArray<string> | undefined
}

/** Undefined where nobody but people makes invoices. */
export const automaticInvoicingIn = ({
  'automatic-invoicing': invoicing,
}: FlagValues): AutomaticInvoicing | undefined => (invoicing?.enabled === true ? invoicing : undefined)
