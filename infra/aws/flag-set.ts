import { type FlagValues, MAX_AFTER_HOURS } from '../../schemas/flags.ts'
import { Tenant } from '../../schemas/text.ts'
import type { Settings } from './settings.ts'

/** What each flag may be, as AppConfig holds what is deployed against it (type AWS.AppConfig.FeatureFlags, version 1). */
const DEFINITIONS: { readonly [Flag in keyof FlagValues]-?: object } = {
  'automatic-invoicing': {
    name: 'automatic-invoicing',
    description: 'Orders are invoiced by themselves',
    attributes: {
      since: {
        description: 'Orders of this time on, RFC 3339',
        constraints: { type: 'string', required: true },
      },
      afterHours: {
        description: 'Hours after which an order is invoiced',
        constraints: { type: 'number', required: true, minimum: 0, maximum: MAX_AFTER_HOURS },
      },
      tenants: {
        description: 'Whose orders; of all tenants where none is named',
        constraints: { type: 'array', elements: { type: 'string', pattern: Tenant.jsonSchema['pattern'] } },
      },
    },
  },
}

/** What a stage's settings switch on. */
export const flagValuesOf = (
  settings: Pick<Settings, 'automaticInvoicingSince' | 'automaticInvoicingAfterHours' | 'automaticInvoicingTenants'>,
): FlagValues => {
  const {
    automaticInvoicingSince: since,
    automaticInvoicingAfterHours: afterHours,
    automaticInvoicingTenants: tenants,
  } = settings
  if (since === 'never') return { 'automatic-invoicing': { enabled: false } }
  const whose = tenants === 'all' ? {} : { tenants: tenants.split(',') }
  return { 'automatic-invoicing': { enabled: true, since, afterHours, ...whose } }
}

/** The document that is deployed: what flags may be, and what they are. */
export const flagSetOf = (values: FlagValues) => ({ version: '1', flags: DEFINITIONS, values })
