import { partitionKeyOf, streamOfPartitionKey } from './keys.ts'
import { PARTITION_KEY_LIMIT } from './limits.ts'
import type { Holding, SequenceName } from './transaction-port.ts'

/** Attribute names of the reservation table; the one place where they stand. */
export const RESERVATION_TABLE = { partitionKey: 'pk', holder: 'holder', lastNumber: 'lastNumber' } as const

const MAX_VALUE_BYTES = 1024

const NAME = /^[a-z-]{1,64}$/

const assertName = (what: string, name: string): void => {
  if (!NAME.test(name)) throw new TypeError(`a ${what} is 1 to 64 of a-z and '-', not ${JSON.stringify(name)}`)
}

const assertValue = (value: string): void => {
  const bytes = Buffer.byteLength(value, 'utf8')
  // Lone surrogates all become the same replacement character in UTF-8, so two values would share a key.
  if (bytes < 1 || bytes > MAX_VALUE_BYTES || !value.isWellFormed()) {
    throw new TypeError(`a reserved value is well-formed text of 1 to ${MAX_VALUE_BYTES} bytes, not one of ${bytes}`)
  }
}

/** Tenant and scope cannot hold a '#', so a value behind them may. */
const keyOf = (tenant: string, name: string): string => {
  const key = `${tenant}#${name}`
  if (tenant === '' || tenant.includes('#')) throw new TypeError(`${JSON.stringify(tenant)} is no tenant`)
  if (Buffer.byteLength(key, 'utf8') > PARTITION_KEY_LIMIT) {
    throw new TypeError(`a tenant's name and what it reserves make a key of more than ${PARTITION_KEY_LIMIT} bytes`)
  }
  return key
}

/** `tenant#scope#value`. Throws `TypeError` on names and values that are not as `Holding` says. */
export const reservationKeyOf = ({ scope, value, holder }: Holding): string => {
  assertName('scope', scope)
  assertValue(value)
  if (streamOfPartitionKey(partitionKeyOf(holder)) === undefined) throw new TypeError('a holder is a stream')
  return keyOf(holder.tenant, `${scope}#${value}`)
}

/** `tenant#:name`. No scope holds a ':', so no reservation has this key. Throws `TypeError`. */
export const sequenceKeyOf = ({ tenant, name }: SequenceName): string => {
  assertName('sequence', name)
  return keyOf(tenant, `:${name}`)
}
